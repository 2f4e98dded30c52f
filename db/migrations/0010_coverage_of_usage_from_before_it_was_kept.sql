-- Databases that were filled with usage before `coverage_days` existed: the rollup of every period that has none, made as
-- `replaceCoverage` (db/queries/coverage-days.ts) makes it with each import.
INSERT INTO "coverage_days" ("org_id", "account_id", "period", "day", "sub_account", "kind", "cover", "commitment", "flavor",
  "family", "os", "software", "tenancy", "region", "hours", "normalized", "cost", "list")
SELECT u.org_id, u.account_id, u.period, u.day, u.sub_account, u.kind,
  CASE u.item WHEN 'DiscountedUsage' THEN 'ri' WHEN 'SavingsPlanCoveredUsage' THEN 'sp' ELSE 'none' END,
  CASE WHEN u.item = 'Usage' THEN '' ELSE u.commitment END, u.flavor,
  CASE WHEN strpos(u.flavor, '.') > 0 THEN left(u.flavor, length(u.flavor) - length(split_part(u.flavor, '.', -1)) - 1) ELSE '' END,
  u.os, u.software, u.tenancy, u.region, trim_scale(sum(u.hours)), trim_scale(sum(u.hours * coalesce(u.normalization,
    CASE WHEN u.flavor LIKE 'db.%' THEN 1 ELSE CASE split_part(u.flavor, '.', -1)
      WHEN 'nano' THEN 0.25 WHEN 'micro' THEN 0.5 WHEN 'small' THEN 1 WHEN 'medium' THEN 2 WHEN 'large' THEN 4 WHEN 'xlarge' THEN 8
      ELSE coalesce(8 * substring(split_part(u.flavor, '.', -1) from '^(?:metal-)?([0-9]{1,3})xl(?:arge)?$')::numeric, 1) END END))),
  trim_scale(sum(u.cost)), trim_scale(sum(u.list))
FROM (
  SELECT org_id, account_id, period, day, sub_account, kind, item, commitment, flavor, os, software, tenancy, region, normalization,
    CASE WHEN unit ILIKE '%second%' THEN sum(quantity) / 3600 ELSE sum(quantity) END AS hours,
    sum(effective) AS cost, sum(list) AS list
  FROM usage n
  WHERE (kind IN ('compute', 'database') AND item IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
      OR kind = 'commitment' AND item IN ('DiscountedUsage', 'SavingsPlanCoveredUsage'))
    AND NOT EXISTS (SELECT FROM coverage_days c WHERE c.account_id = n.account_id AND c.period = n.period)
  GROUP BY org_id, account_id, period, day, sub_account, kind, item, commitment, flavor, os, software, tenancy, region, unit,
    normalization
) u
GROUP BY u.org_id, u.account_id, u.period, u.day, u.sub_account, u.kind, u.item, 8, u.flavor, u.os, u.software, u.tenancy, u.region;
