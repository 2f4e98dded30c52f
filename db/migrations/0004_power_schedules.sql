CREATE TABLE "power_actions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"schedule_id" uuid,
	"action" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"asked_by" uuid,
	"state" text DEFAULT 'waiting' NOT NULL,
	"outcome" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "power_actions_once" UNIQUE("resource_id","due_at")
);
--> statement-breakpoint
CREATE TABLE "power_attachments" (
	"resource_id" uuid PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"schedule_id" uuid NOT NULL,
	"attached_by" uuid,
	"attached_at" timestamp with time zone NOT NULL,
	"skip_until" timestamp with time zone,
	"keep_on_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "power_schedules" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"zone" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"triggers" jsonb NOT NULL,
	"last_evaluated_at" timestamp with time zone NOT NULL,
	"last_run_at" timestamp with time zone,
	"last_error" text,
	"created_by" uuid,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "power_schedules_name" UNIQUE("org_id","name")
);
--> statement-breakpoint
ALTER TABLE "power_actions" ADD CONSTRAINT "power_actions_resource_id_resources_id_fk" FOREIGN KEY ("resource_id") REFERENCES "public"."resources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "power_actions" ADD CONSTRAINT "power_actions_schedule_id_power_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."power_schedules"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "power_attachments" ADD CONSTRAINT "power_attachments_resource_id_resources_id_fk" FOREIGN KEY ("resource_id") REFERENCES "public"."resources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "power_attachments" ADD CONSTRAINT "power_attachments_schedule_id_power_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."power_schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "power_schedules" ADD CONSTRAINT "power_schedules_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "power_actions_waiting" ON "power_actions" USING btree ("org_id","state","due_at");--> statement-breakpoint
CREATE INDEX "power_attachments_schedule" ON "power_attachments" USING btree ("schedule_id");