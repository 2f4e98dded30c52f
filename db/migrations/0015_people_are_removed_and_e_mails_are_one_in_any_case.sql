ALTER TABLE "people" DROP CONSTRAINT "people_email";--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
-- Of people whose e-mails differ only in case the one who was here first keeps it; the others stay, without an e-mail.
UPDATE "people" p SET "email" = NULL WHERE EXISTS (
  SELECT FROM "people" o WHERE o."org_id" = p."org_id" AND lower(o."email") = lower(p."email")
    AND (o."created_at", o."id") < (p."created_at", p."id"));--> statement-breakpoint
CREATE UNIQUE INDEX "people_email" ON "people" USING btree ("org_id",lower("email"));