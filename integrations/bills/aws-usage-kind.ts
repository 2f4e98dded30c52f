/**
 * What AWS usage pays for, by product and usage type, which the cost and usage report and AWS's own FOCUS export word
 * alike. SQL over `usage` (type), `resource` and `description` of a line of use, not of a fee or a credit; null is nothing
 * that is kept. Machine time is spec recommendations 2.2 ("box usage"), and machines on dedicated hardware; spot machines
 * can be neither reserved nor planned and are left out. Of S3 only what names its bucket is kept.
 */
export const awsUsageKind = (product: string): string => `case ${product}
  when 'AmazonEC2' then case
    when contains(usage, 'BoxUsage') or contains(usage, 'DedicatedUsage') or contains(usage, 'HeavyUsage') then 'compute' end
  when 'AmazonECS' then ${fargate}
  when 'AmazonEKS' then ${fargate}
  when 'AmazonSageMaker' then case when contains(concat_ws(' ', usage, description), 'ml.') then 'compute' end
  when 'AWSLambda' then case when contains(usage, 'Lambda-GB-Second') then 'compute' end
  when 'AmazonRDS' then case when contains(usage, 'Usage') and contains(usage, ':db.') then 'database' end
  when 'AmazonKinesis' then 'stream'
  when 'AmazonS3' then case
    when resource is null then null
    when contains(usage, 'Requests-Tier') then 'requests'
    when ends_with(usage, '-Bytes') then 'transfer'
    when contains(usage, 'TimedStorage') then 'storage' end
  end`

const fargate = `case when contains(usage, 'Fargate') and not contains(usage, 'Spot') then 'compute' end`

/** SQL of the size in a usage type (`EUC1-BoxUsage:t3.micro` → `t3.micro`), null when it has none. */
export const sizeInUsage = `case when not contains(usage, 'Fargate') then nullif(split_part(usage, ':', 2), '') end`
