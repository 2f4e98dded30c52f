CREATE TABLE "cloud_regions" (
	"cloud" text NOT NULL,
	"region" text NOT NULL,
	"name" text NOT NULL,
	"continent" text NOT NULL,
	"partition" text NOT NULL,
	CONSTRAINT "cloud_regions_cloud_region_pk" PRIMARY KEY("cloud","region")
);
--> statement-breakpoint
CREATE TABLE "commitment_offers" (
	"cloud" text NOT NULL,
	"region" text NOT NULL,
	"kind" text NOT NULL,
	"offering_id" text NOT NULL,
	"flavor" text NOT NULL,
	"family" text NOT NULL,
	"os" text DEFAULT 'Linux' NOT NULL,
	"software" text DEFAULT 'NA' NOT NULL,
	"tenancy" text DEFAULT 'default' NOT NULL,
	"class" text NOT NULL,
	"payment" text NOT NULL,
	"term_seconds" integer NOT NULL,
	"upfront" numeric NOT NULL,
	"hourly" numeric NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "commitment_offers_once" PRIMARY KEY("cloud","region","flavor","os","software","tenancy","kind","offering_id")
);
--> statement-breakpoint
CREATE TABLE "price_readings" (
	"cloud" text NOT NULL,
	"part" text NOT NULL,
	"region" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "price_readings_cloud_part_region_name_pk" PRIMARY KEY("cloud","part","region","name")
);
--> statement-breakpoint
CREATE TABLE "spot_prices" (
	"cloud" text NOT NULL,
	"region" text NOT NULL,
	"zone" text NOT NULL,
	"name" text NOT NULL,
	"os" text NOT NULL,
	"hourly_price" numeric NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "spot_prices_cloud_region_name_os_zone_at_pk" PRIMARY KEY("cloud","region","name","os","zone","at")
);
--> statement-breakpoint
ALTER TABLE "machine_types" DROP CONSTRAINT "machine_types_cloud_region_name_os_pk";--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "software" text DEFAULT 'NA' NOT NULL;--> statement-breakpoint
ALTER TABLE "machine_types" ADD CONSTRAINT "machine_types_cloud_region_name_os_software_pk" PRIMARY KEY("cloud","region","name","os","software");--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "series" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "generation" integer;--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "current_generation" boolean;--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "architecture" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "machine_types" ADD COLUMN "sku" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "machine_types_family" ON "machine_types" USING btree ("cloud","region","family","os","software");--> statement-breakpoint
CREATE INDEX "machine_types_name" ON "machine_types" USING btree ("cloud","name","os","software");