CREATE TABLE "clean_ups" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"state" text DEFAULT 'choosing' NOT NULL,
	"chosen" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"items" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"lists" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sha256" text DEFAULT '' NOT NULL,
	"saving" numeric DEFAULT '0' NOT NULL,
	"left_out" integer DEFAULT 0 NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"requested_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"ran_at" timestamp with time zone,
	"verified_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "clean_ups" ADD CONSTRAINT "clean_ups_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clean_ups" ADD CONSTRAINT "clean_ups_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "clean_ups_one_choosing" ON "clean_ups" USING btree ("org_id","person_id") WHERE state = 'choosing';--> statement-breakpoint
CREATE UNIQUE INDEX "clean_ups_one_request" ON "clean_ups" USING btree ("org_id","person_id","sha256") WHERE state in ('waiting_approval', 'handed_over');--> statement-breakpoint
CREATE INDEX "clean_ups_org_state" ON "clean_ups" USING btree ("org_id","state");