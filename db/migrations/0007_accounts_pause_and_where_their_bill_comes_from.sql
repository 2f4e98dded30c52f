ALTER TABLE "accounts" ADD COLUMN "bill_origin" text DEFAULT 'own' NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "paused_at" timestamp with time zone;