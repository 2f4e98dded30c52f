CREATE TABLE "duplicate_buckets" (
	"check_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"account_id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"name" text NOT NULL,
	"region" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"note" text,
	"objects" bigint DEFAULT 0 NOT NULL,
	"filtered_objects" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"duplicate_objects" bigint DEFAULT 0 NOT NULL,
	"duplicate_bytes" bigint DEFAULT 0 NOT NULL,
	"monthly_cost" numeric,
	"saving" numeric,
	CONSTRAINT "duplicate_buckets_check_id_n_pk" PRIMARY KEY("check_id","n")
);
--> statement-breakpoint
CREATE TABLE "duplicate_checks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid,
	"min_bytes" bigint DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'created' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"buckets" integer NOT NULL,
	"buckets_done" integer DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"filtered_objects" bigint DEFAULT 0 NOT NULL,
	"total_bytes" bigint DEFAULT 0 NOT NULL,
	"groups" bigint DEFAULT 0 NOT NULL,
	"duplicate_objects" bigint DEFAULT 0 NOT NULL,
	"duplicate_bytes" bigint DEFAULT 0 NOT NULL,
	"cost_day" date,
	"saving" numeric,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "duplicate_groups" (
	"check_id" uuid NOT NULL,
	"group_n" integer NOT NULL,
	"bucket_n" integer NOT NULL,
	"tag" text NOT NULL,
	"size" bigint NOT NULL,
	"members" bigint NOT NULL,
	CONSTRAINT "duplicate_groups_check_id_group_n_bucket_n_pk" PRIMARY KEY("check_id","group_n","bucket_n")
);
--> statement-breakpoint
CREATE TABLE "duplicate_objects" (
	"check_id" uuid NOT NULL,
	"n" bigint NOT NULL,
	"group_n" integer NOT NULL,
	"bucket_n" integer NOT NULL,
	"key" text NOT NULL,
	CONSTRAINT "duplicate_objects_check_id_n_pk" PRIMARY KEY("check_id","n")
);
--> statement-breakpoint
CREATE TABLE "duplicate_pairs" (
	"check_id" uuid NOT NULL,
	"bucket_n" integer NOT NULL,
	"with_n" integer NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"saving" numeric,
	CONSTRAINT "duplicate_pairs_check_id_bucket_n_with_n_pk" PRIMARY KEY("check_id","bucket_n","with_n")
);
--> statement-breakpoint
ALTER TABLE "duplicate_buckets" ADD CONSTRAINT "duplicate_buckets_check_id_duplicate_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."duplicate_checks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duplicate_checks" ADD CONSTRAINT "duplicate_checks_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duplicate_pairs" ADD CONSTRAINT "duplicate_pairs_check_id_duplicate_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."duplicate_checks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "duplicate_buckets_account" ON "duplicate_buckets" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "duplicate_checks_org" ON "duplicate_checks" USING btree ("org_id","created_at");