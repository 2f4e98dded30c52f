CREATE TABLE "inventory" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"cloud_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"cloud_created_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "inventory_once" UNIQUE("account_id","kind","cloud_id")
);
--> statement-breakpoint
CREATE TABLE "usage" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"period" date NOT NULL,
	"day" date NOT NULL,
	"resource_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"item" text NOT NULL,
	"sub_account" text DEFAULT '' NOT NULL,
	"usage_type" text DEFAULT '' NOT NULL,
	"operation" text DEFAULT '' NOT NULL,
	"flavor" text DEFAULT '' NOT NULL,
	"os" text DEFAULT '' NOT NULL,
	"software" text DEFAULT '' NOT NULL,
	"tenancy" text DEFAULT '' NOT NULL,
	"sku" text DEFAULT '' NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"zone" text DEFAULT '' NOT NULL,
	"term" text DEFAULT '' NOT NULL,
	"unit" text DEFAULT '' NOT NULL,
	"commitment" text DEFAULT '' NOT NULL,
	"quantity" numeric NOT NULL,
	"billed" numeric NOT NULL,
	"effective" numeric NOT NULL,
	"list" numeric NOT NULL,
	"rate" numeric,
	"normalization" numeric,
	"committed" numeric,
	"committed_units" numeric,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"lines" integer NOT NULL
) PARTITION BY RANGE ("day");
--> statement-breakpoint
ALTER TABLE "inventory" ADD CONSTRAINT "inventory_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inventory_account_kind" ON "inventory" USING btree ("account_id","kind");--> statement-breakpoint
CREATE INDEX "usage_resource_day" ON "usage" USING btree ("resource_id","day");--> statement-breakpoint
CREATE INDEX "usage_scope" ON "usage" USING btree ("account_id","period");--> statement-breakpoint
CREATE INDEX "usage_org_kind_day" ON "usage" USING btree ("org_id","kind","day");