import type { BillSettings, ReportSetup } from '../cloud.ts'

/**
 * How to have AWS write a bill we read best, and the policy its bucket needs (AWS Data Exports user guide, "Setting up an
 * Amazon S3 bucket for data exports").
 */
export function reportSetup({
  cloudAccountId,
  settings,
}: {
  cloudAccountId: string
  settings: BillSettings
}): ReportSetup {
  const bucket = settings['bucket'] || 'YOUR-BUCKET'
  const from = (service: string, what: string) => `arn:aws:${service}:us-east-1:${cloudAccountId}:${what}/*`
  const statement = {
    ...{ Sid: 'EnableAWSDataExportsToWriteToS3AndCheckPolicy', Effect: 'Allow' },
    Principal: { Service: ['billingreports.amazonaws.com', 'bcm-data-exports.amazonaws.com'] },
    Action: ['s3:PutObject', 's3:GetBucketPolicy'],
    Resource: [`arn:aws:s3:::${bucket}/*`, `arn:aws:s3:::${bucket}`],
    Condition: {
      StringLike: {
        'aws:SourceAccount': cloudAccountId,
        'aws:SourceArn': [from('cur', 'definition'), from('bcm-data-exports', 'export')],
      },
    },
  }
  return {
    steps: [
      'In Billing and Cost Management open Data Exports and press Create.',
      'Standard data export, table CUR 2.0 with resource IDs, time granularity daily.',
      'Format Parquet, or text/csv with gzip; overwrite the existing export.',
      `Bucket ${bucket} with the policy below; a prefix such as finops.`,
      'The first delivery takes up to a day. Come back then, name the bucket, and choose the export.',
    ],
    bucketPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2),
  }
}
