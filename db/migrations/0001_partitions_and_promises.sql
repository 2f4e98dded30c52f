-- What drizzle cannot declare: the no-overlap promise of bookings, monthly partitions, the append-only audit trail.
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_some_time" CHECK ("ends_at" > "starts_at");
--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_no_overlap"
  EXCLUDE USING gist ("environment_id" WITH =, tstzrange("starts_at", "ends_at", '[)') WITH &&)
  WHERE ("state" IN ('offered', 'booked', 'active'));
--> statement-breakpoint
-- Makes the partition of each month from `from_day` to `to_day`. Built beside and attached, so readers are not locked out.
CREATE FUNCTION ensure_months(parent text, from_day date, to_day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  month_start date := date_trunc('month', from_day)::date;
  name text;
  made integer := 0;
BEGIN
  IF to_day - from_day > 36600 THEN RAISE EXCEPTION 'ensure_months: more than a hundred years between % and %', from_day, to_day; END IF;
  WHILE month_start <= to_day LOOP
    name := parent || '_' || to_char(month_start, 'YYYYMM');
    IF to_regclass(name) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('ensure_months ' || name, 0));
      -- Asked again by a query: to_regclass may remember from before the lock that there was none.
      IF NOT EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = current_schema()::regnamespace) THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, month_start, (month_start + interval '1 month')::date);
        made := made + 1;
      END IF;
    END IF;
    month_start := (month_start + interval '1 month')::date;
  END LOOP;
  RETURN made;
END $$;
--> statement-breakpoint
-- The audit trail is written once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER "events_append_only" BEFORE UPDATE OR DELETE ON "events" FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Every pool of a tree with all its ancestors, itself included: rights and channel bindings look up, sums look down.
CREATE VIEW "pool_ancestors" AS
  WITH RECURSIVE up AS (
    SELECT org_id, id AS pool_id, id AS ancestor_id, parent_id, 0 AS distance FROM pools
    UNION ALL
    SELECT up.org_id, up.pool_id, pools.id, pools.parent_id, up.distance + 1 FROM up JOIN pools ON pools.id = up.parent_id
  )
  SELECT org_id, pool_id, ancestor_id, distance FROM up;
