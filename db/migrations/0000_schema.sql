CREATE TABLE "rules" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"priority" integer NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"pool_id" uuid NOT NULL,
	"owner_id" uuid,
	"conditions" jsonb NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rules_name" UNIQUE("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"cloud" text NOT NULL,
	"cloud_account_id" text NOT NULL,
	"credentials" text,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"pool_id" uuid,
	"auto_import" boolean DEFAULT true NOT NULL,
	"import_period_hours" integer DEFAULT 1 NOT NULL,
	"process_recommendations" boolean DEFAULT true NOT NULL,
	"health" text DEFAULT 'no_data_yet' NOT NULL,
	"health_detail" text,
	"last_import_at" timestamp with time zone,
	"last_import_attempt_at" timestamp with time zone,
	"last_metrics_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "accounts_once" UNIQUE NULLS NOT DISTINCT("org_id","cloud","cloud_account_id","deleted_at")
);
--> statement-breakpoint
CREATE TABLE "bill_scopes" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"period" date NOT NULL,
	"assembly" text NOT NULL,
	"import_id" uuid NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"lines" bigint NOT NULL,
	"billed" numeric NOT NULL,
	"effective" numeric NOT NULL,
	"imported_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bill_scopes_account_id_period_pk" PRIMARY KEY("account_id","period")
);
--> statement-breakpoint
CREATE TABLE "discoveries" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"resource_type" text NOT NULL,
	"region" text NOT NULL,
	"last_discovery_at" timestamp with time zone,
	"last_error_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "discoveries_account_id_resource_type_region_pk" PRIMARY KEY("account_id","resource_type","region")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"source" text NOT NULL,
	"title" text NOT NULL,
	"person_id" uuid,
	"files" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" text DEFAULT 'scheduled' NOT NULL,
	"step" text DEFAULT 'waiting' NOT NULL,
	"bytes_total" bigint DEFAULT 0 NOT NULL,
	"bytes_read" bigint DEFAULT 0 NOT NULL,
	"lines" bigint DEFAULT 0 NOT NULL,
	"quarantined" integer DEFAULT 0 NOT NULL,
	"billed" numeric,
	"effective" numeric,
	"reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rejected_lines" (
	"import_id" uuid NOT NULL,
	"file" text NOT NULL,
	"line" bigint NOT NULL,
	"reason" text NOT NULL,
	"sample" text DEFAULT '' NOT NULL,
	CONSTRAINT "rejected_lines_import_id_file_line_pk" PRIMARY KEY("import_id","file","line")
);
--> statement-breakpoint
CREATE TABLE "constraint_hits" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"pool_id" uuid,
	"type" text NOT NULL,
	"limit" numeric NOT NULL,
	"value" numeric NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "resource_constraints" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"type" text NOT NULL,
	"limit" numeric NOT NULL,
	"set_by" uuid,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "resource_constraints_once" UNIQUE("resource_id","type")
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'booked' NOT NULL,
	"planned_ends_at" timestamp with time zone NOT NULL,
	"reminded_at" timestamp with time zone,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_events" (
	"booking_id" uuid PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"calendar_id" text NOT NULL,
	"event_id" text NOT NULL,
	"mirrored_rev" integer DEFAULT 0 NOT NULL,
	"mirrored_at" timestamp with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"org_id" uuid PRIMARY KEY NOT NULL,
	"calendar_id" text NOT NULL,
	"connected_by" uuid,
	"connected_at" timestamp with time zone NOT NULL,
	"last_sync_at" timestamp with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"resource_id" uuid,
	"name" text NOT NULL,
	"type" text DEFAULT 'Environment' NOT NULL,
	"pool_id" uuid NOT NULL,
	"owner_id" uuid,
	"active" boolean DEFAULT true NOT NULL,
	"hourly_cost" numeric DEFAULT '0.05' NOT NULL,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"channel" text,
	"max_hours" integer DEFAULT 8 NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "environments_resource_id_unique" UNIQUE("resource_id"),
	CONSTRAINT "environments_name" UNIQUE("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "property_changes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"environment_id" uuid NOT NULL,
	"person_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"changes" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"name" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"person_id" uuid,
	"door" text NOT NULL,
	"job" text,
	"before" jsonb,
	"after" jsonb
);
--> statement-breakpoint
CREATE TABLE "expenses" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"period" date NOT NULL,
	"day" date NOT NULL,
	"resource_id" uuid NOT NULL,
	"sub_account" text DEFAULT '' NOT NULL,
	"service" text DEFAULT '' NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"category" text NOT NULL,
	"class" text DEFAULT '' NOT NULL,
	"commitment" text DEFAULT '' NOT NULL,
	"commitment_status" text DEFAULT '' NOT NULL,
	"billed" numeric NOT NULL,
	"effective" numeric NOT NULL,
	"list" numeric NOT NULL,
	"contracted" numeric NOT NULL,
	"lines" integer NOT NULL
) PARTITION BY RANGE ("day");
--> statement-breakpoint
CREATE TABLE "spend_days" (
	"day" date NOT NULL,
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"pool_id" uuid NOT NULL,
	"owner_id" uuid,
	"sub_account" text NOT NULL,
	"service" text NOT NULL,
	"region" text NOT NULL,
	"category" text NOT NULL,
	"billed" numeric NOT NULL,
	"effective" numeric NOT NULL,
	"list" numeric NOT NULL,
	"lines" integer NOT NULL,
	CONSTRAINT "spend_days_once" UNIQUE NULLS NOT DISTINCT("org_id","day","account_id","pool_id","owner_id","sub_account","service","region","category")
);
--> statement-breakpoint
CREATE TABLE "spend_months" (
	"month" date NOT NULL,
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"pool_id" uuid NOT NULL,
	"owner_id" uuid,
	"sub_account" text NOT NULL,
	"service" text NOT NULL,
	"region" text NOT NULL,
	"category" text NOT NULL,
	"billed" numeric NOT NULL,
	"effective" numeric NOT NULL,
	"list" numeric NOT NULL,
	"lines" integer NOT NULL,
	CONSTRAINT "spend_months_once" UNIQUE NULLS NOT DISTINCT("org_id","month","account_id","pool_id","owner_id","sub_account","service","region","category")
);
--> statement-breakpoint
CREATE TABLE "metric_points" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"metric" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "metric_points_resource_id_metric_at_pk" PRIMARY KEY("resource_id","metric","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"person_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"pool_id" uuid,
	"channel" text,
	"subject_kind" text,
	"subject_id" text,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	CONSTRAINT "notifications_key" UNIQUE("org_id","key")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"pool_id" uuid,
	CONSTRAINT "memberships_once" UNIQUE NULLS NOT DISTINCT("person_id","role","pool_id")
);
--> statement-breakpoint
CREATE TABLE "options" (
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "options_org_id_name_pk" PRIMARY KEY("org_id","name")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"zone" text DEFAULT 'UTC' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_email" UNIQUE("org_id","email")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"csrf" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"hash" text PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"go_to" text DEFAULT '/' NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "pool_alerts" (
	"org_id" uuid NOT NULL,
	"pool_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"month" text NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone,
	CONSTRAINT "pool_alerts_once" UNIQUE("pool_id","kind","month")
);
--> statement-breakpoint
CREATE TABLE "pool_policies" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"pool_id" uuid NOT NULL,
	"type" text NOT NULL,
	"limit" numeric NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "pool_policies_once" UNIQUE("pool_id","type")
);
--> statement-breakpoint
CREATE TABLE "pools" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"parent_id" uuid,
	"name" text NOT NULL,
	"monthly_limit" numeric DEFAULT '0' NOT NULL,
	"purpose" text DEFAULT 'budget' NOT NULL,
	"default_owner_id" uuid,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pools_sibling_name" UNIQUE NULLS NOT DISTINCT("org_id","parent_id","name")
);
--> statement-breakpoint
CREATE TABLE "machine_types" (
	"cloud" text NOT NULL,
	"region" text NOT NULL,
	"name" text NOT NULL,
	"os" text DEFAULT 'Linux' NOT NULL,
	"family" text NOT NULL,
	"cpus" integer NOT NULL,
	"memory_gib" double precision NOT NULL,
	"hourly_price" numeric NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "machine_types_cloud_region_name_os_pk" PRIMARY KEY("cloud","region","name","os")
);
--> statement-breakpoint
CREATE TABLE "archived_findings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"recommendation" text NOT NULL,
	"account_id" uuid NOT NULL,
	"resource_id" uuid,
	"key" text NOT NULL,
	"saving" numeric,
	"evidence" jsonb NOT NULL,
	"reason" text NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "check_results" (
	"org_id" uuid NOT NULL,
	"recommendation" text NOT NULL,
	"account_id" uuid NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"error" text,
	"options" jsonb NOT NULL,
	CONSTRAINT "check_results_org_id_recommendation_account_id_pk" PRIMARY KEY("org_id","recommendation","account_id")
);
--> statement-breakpoint
CREATE TABLE "check_schedules" (
	"org_id" uuid PRIMARY KEY NOT NULL,
	"next_run_at" timestamp with time zone NOT NULL,
	"last_started_at" timestamp with time zone,
	"last_completed_at" timestamp with time zone,
	"running" uuid
);
--> statement-breakpoint
CREATE TABLE "dismissals" (
	"org_id" uuid NOT NULL,
	"recommendation" text NOT NULL,
	"resource_id" uuid NOT NULL,
	"person_id" uuid,
	"reason" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "dismissals_resource_id_recommendation_pk" PRIMARY KEY("resource_id","recommendation")
);
--> statement-breakpoint
CREATE TABLE "findings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"recommendation" text NOT NULL,
	"account_id" uuid NOT NULL,
	"resource_id" uuid,
	"key" text NOT NULL,
	"saving" numeric,
	"evidence" jsonb NOT NULL,
	"is_excluded" boolean DEFAULT false NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"snoozed_until" timestamp with time zone,
	"rev" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "findings_once" UNIQUE("org_id","recommendation","account_id","key")
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"cloud_resource_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"type" text DEFAULT '' NOT NULL,
	"service" text DEFAULT '' NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"pool_id" uuid NOT NULL,
	"owner_id" uuid,
	"assigned_by" text DEFAULT 'account' NOT NULL,
	"rule_id" uuid,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"active" boolean DEFAULT false NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"cloud_created_at" timestamp with time zone,
	"attached" boolean,
	"last_attached_at" timestamp with time zone,
	"available" boolean,
	"last_used_at" timestamp with time zone,
	"stopped_allocated" boolean,
	"last_not_stopped_at" timestamp with time zone,
	"spot" boolean DEFAULT false NOT NULL,
	"has_metrics" boolean DEFAULT false NOT NULL,
	"total_cost" numeric DEFAULT '0' NOT NULL,
	"last_expense_day" date,
	"last_expense_cost" numeric,
	"constraint_violated" boolean DEFAULT false NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "resources_once" UNIQUE("account_id","cloud_resource_id")
);
--> statement-breakpoint
CREATE TABLE "slack_bindings" (
	"team_id" text NOT NULL,
	"channel" text NOT NULL,
	"org_id" uuid NOT NULL,
	"pool_id" uuid NOT NULL,
	"bound_by" uuid,
	"bound_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "slack_bindings_team_id_channel_pk" PRIMARY KEY("team_id","channel")
);
--> statement-breakpoint
CREATE TABLE "slack_copies" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"message" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"team_id" text NOT NULL,
	"channel" text NOT NULL,
	"ts" text NOT NULL,
	"hash" text DEFAULT '' NOT NULL,
	"live" boolean DEFAULT true NOT NULL,
	"posted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "slack_copies_once" UNIQUE("team_id","channel","ts")
);
--> statement-breakpoint
CREATE TABLE "slack_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"key" text NOT NULL,
	"team_id" text NOT NULL,
	"lane" text NOT NULL,
	"priority" integer NOT NULL,
	"message" text NOT NULL,
	"facts" jsonb NOT NULL,
	"subject_kind" text,
	"subject_id" text,
	"thread_ts" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	"ts" text,
	"failure" text,
	CONSTRAINT "slack_deliveries_key" UNIQUE("org_id","key")
);
--> statement-breakpoint
CREATE TABLE "slack_installs" (
	"team_id" text PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"team_name" text DEFAULT '' NOT NULL,
	"bot_token" text NOT NULL,
	"bot_user_id" text DEFAULT '' NOT NULL,
	"alerts_channel" text,
	"installed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "slack_links" (
	"team_id" text NOT NULL,
	"slack_user_id" text NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"linked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "slack_links_team_id_slack_user_id_pk" PRIMARY KEY("team_id","slack_user_id")
);
--> statement-breakpoint
CREATE TABLE "slack_questions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"person_id" uuid,
	"canonical" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slack_receipts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"rev" integer NOT NULL,
	"verb" text NOT NULL,
	"argument" text DEFAULT '' NOT NULL,
	"person_id" uuid NOT NULL,
	"settled_at" timestamp with time zone NOT NULL,
	"undo" jsonb,
	"undone_at" timestamp with time zone,
	CONSTRAINT "slack_receipts_once" UNIQUE("org_id","subject_kind","subject_id","rev","verb")
);
--> statement-breakpoint
CREATE TABLE "slack_seen" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rules" ADD CONSTRAINT "rules_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_scopes" ADD CONSTRAINT "bill_scopes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discoveries" ADD CONSTRAINT "discoveries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rejected_lines" ADD CONSTRAINT "rejected_lines_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "constraint_hits" ADD CONSTRAINT "constraint_hits_resource_id_resources_id_fk" FOREIGN KEY ("resource_id") REFERENCES "public"."resources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resource_constraints" ADD CONSTRAINT "resource_constraints_resource_id_resources_id_fk" FOREIGN KEY ("resource_id") REFERENCES "public"."resources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_events" ADD CONSTRAINT "calendar_events_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "property_changes" ADD CONSTRAINT "property_changes_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "options" ADD CONSTRAINT "options_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_alerts" ADD CONSTRAINT "pool_alerts_pool_id_pools_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."pools"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_policies" ADD CONSTRAINT "pool_policies_pool_id_pools_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."pools"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pools" ADD CONSTRAINT "pools_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pools" ADD CONSTRAINT "pools_parent_id_pools_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."pools"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "archived_findings" ADD CONSTRAINT "archived_findings_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_results" ADD CONSTRAINT "check_results_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_schedules" ADD CONSTRAINT "check_schedules_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dismissals" ADD CONSTRAINT "dismissals_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "findings" ADD CONSTRAINT "findings_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resources" ADD CONSTRAINT "resources_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_bindings" ADD CONSTRAINT "slack_bindings_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_installs" ADD CONSTRAINT "slack_installs_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_links" ADD CONSTRAINT "slack_links_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_org" ON "accounts" USING btree ("org_id");--> statement-breakpoint
CREATE INDEX "imports_account" ON "imports" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "imports_org" ON "imports" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "constraint_hits_latest" ON "constraint_hits" USING btree ("resource_id","type","id");--> statement-breakpoint
CREATE INDEX "constraint_hits_org" ON "constraint_hits" USING btree ("org_id","at");--> statement-breakpoint
CREATE INDEX "bookings_environment_start" ON "bookings" USING btree ("environment_id","starts_at");--> statement-breakpoint
CREATE INDEX "bookings_person" ON "bookings" USING btree ("person_id","starts_at");--> statement-breakpoint
CREATE INDEX "property_changes_environment" ON "property_changes" USING btree ("environment_id","at");--> statement-breakpoint
CREATE INDEX "events_org" ON "events" USING btree ("org_id","id");--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" USING btree ("org_id","subject_kind","subject_id","id");--> statement-breakpoint
CREATE INDEX "expenses_resource_day" ON "expenses" USING btree ("resource_id","day");--> statement-breakpoint
CREATE INDEX "expenses_scope" ON "expenses" USING btree ("account_id","period");--> statement-breakpoint
CREATE INDEX "spend_days_account" ON "spend_days" USING btree ("account_id","day");--> statement-breakpoint
CREATE INDEX "spend_months_account" ON "spend_months" USING btree ("account_id","month");--> statement-breakpoint
CREATE INDEX "notifications_org" ON "notifications" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "memberships_org" ON "memberships" USING btree ("org_id");--> statement-breakpoint
CREATE INDEX "people_org" ON "people" USING btree ("org_id");--> statement-breakpoint
CREATE INDEX "pools_parent" ON "pools" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "archived_findings_org" ON "archived_findings" USING btree ("org_id","archived_at");--> statement-breakpoint
CREATE INDEX "findings_org_saving" ON "findings" USING btree ("org_id","recommendation","saving");--> statement-breakpoint
CREATE INDEX "findings_resource" ON "findings" USING btree ("resource_id");--> statement-breakpoint
CREATE INDEX "resources_org_type" ON "resources" USING btree ("org_id","type");--> statement-breakpoint
CREATE INDEX "resources_org_pool" ON "resources" USING btree ("org_id","pool_id");--> statement-breakpoint
CREATE INDEX "resources_org_owner" ON "resources" USING btree ("org_id","owner_id");--> statement-breakpoint
CREATE INDEX "resources_account_type" ON "resources" USING btree ("account_id","type");--> statement-breakpoint
CREATE INDEX "slack_bindings_pool" ON "slack_bindings" USING btree ("pool_id");--> statement-breakpoint
CREATE INDEX "slack_copies_subject" ON "slack_copies" USING btree ("org_id","subject_kind","subject_id");--> statement-breakpoint
CREATE INDEX "slack_deliveries_waiting" ON "slack_deliveries" USING btree ("delivered_at","priority","not_before");--> statement-breakpoint
CREATE INDEX "slack_links_person" ON "slack_links" USING btree ("person_id");