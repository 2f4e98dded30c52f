CREATE TABLE "commitment_alerts" (
	"org_id" uuid NOT NULL,
	"commitment" text NOT NULL,
	"kind" text NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone,
	CONSTRAINT "commitment_alerts_once" UNIQUE("org_id","commitment","kind")
);
--> statement-breakpoint
CREATE TABLE "coverage_days" (
	"org_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"period" date NOT NULL,
	"day" date NOT NULL,
	"sub_account" text NOT NULL,
	"kind" text NOT NULL,
	"cover" text NOT NULL,
	"commitment" text NOT NULL,
	"flavor" text NOT NULL,
	"family" text NOT NULL,
	"os" text NOT NULL,
	"software" text NOT NULL,
	"tenancy" text NOT NULL,
	"region" text NOT NULL,
	"hours" numeric NOT NULL,
	"normalized" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"list" numeric NOT NULL
);
--> statement-breakpoint
CREATE INDEX "coverage_days_org_day" ON "coverage_days" USING btree ("org_id","day");--> statement-breakpoint
CREATE INDEX "coverage_days_scope" ON "coverage_days" USING btree ("account_id","period");