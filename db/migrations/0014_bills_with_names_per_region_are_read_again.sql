-- Names that are taken once per region were one resource; months with such names are read once more from their buckets.
update bill_scopes b set assembly = ''
where exists (select from accounts a where a.id = b.account_id and a.cloud = 'aws') and exists (
  select from expenses e join resources r on r.id = e.resource_id
  where e.account_id = b.account_id and e.period = b.period and not r.active
    and r.service not in ('', 'AmazonEC2', 'AmazonS3', 'AWSDataTransfer') and r.type not in ('Savings Plan', 'Reserved Instances')
    and r.cloud_resource_id not like 'arn:%' and r.cloud_resource_id not like '% %'
    and r.cloud_resource_id !~ '^([a-z]+-[0-9a-f]{8}([0-9a-f]{9})?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$');
