-- Names of streams are taken once per region, so a stream is known by its ARN now: of the account whose use was billed last.
with streams as (
  select r.id, r.account_id, r.cloud_resource_id as name, concat_ws(':', 'arn', case
      when r.region like 'cn-%' then 'aws-cn' when r.region like 'us-gov-%' then 'aws-us-gov' else 'aws' end,
    'kinesis', r.region, coalesce(
      (select nullif(e.sub_account, '') from expenses e where e.resource_id = r.id order by e.day desc limit 1),
      a.cloud_account_id), 'stream/' || r.cloud_resource_id) as arn
  from resources r join accounts a on a.id = r.account_id
  where a.cloud = 'aws' and r.type = 'Kinesis Stream' and r.region <> '' and r.cloud_resource_id not like 'arn:%'
)
update resources r set cloud_resource_id = s.arn, name = coalesce(nullif(r.name, ''), s.name)
from streams s
where r.id = s.id and not exists (
  select from resources o where o.account_id = s.account_id and o.cloud_resource_id = s.arn);
--> statement-breakpoint
-- Bills with streams or commitments are read once more from their buckets: two streams may have been one, and what savings plans paid for was counted twice.
update bill_scopes b set assembly = ''
where exists (select from accounts a where a.id = b.account_id and a.cloud = 'aws') and exists (
  select from usage u where u.account_id = b.account_id and u.period = b.period
    and (u.kind = 'stream' or u.item in ('RIFee', 'SavingsPlanRecurringFee')));
