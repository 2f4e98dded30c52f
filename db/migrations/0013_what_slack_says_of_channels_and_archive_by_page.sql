CREATE TABLE "slack_channels" (
	"team_id" text NOT NULL,
	"channel" text NOT NULL,
	"org_id" uuid NOT NULL,
	"is_shared" boolean NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "slack_channels_team_id_channel_pk" PRIMARY KEY("team_id","channel")
);
--> statement-breakpoint
DROP INDEX "archived_findings_org";--> statement-breakpoint
ALTER TABLE "slack_channels" ADD CONSTRAINT "slack_channels_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "archived_findings_org" ON "archived_findings" USING btree ("org_id","archived_at","id");