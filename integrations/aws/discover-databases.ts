import { paginateDescribeDBInstances, RDSClient, type DBInstance } from '@aws-sdk/client-rds'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { tagsOf } from './tags.ts'

/** Every RDS instance of a region. */
export const discoverDatabases = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new RDSClient(awsConfig(options, { credentials, region }))
    for await (const page of pages(
      'rds:DescribeDBInstances',
      paginateDescribeDBInstances({ client, pageSize: 100 }, {}),
    ))
      for (const database of page.DBInstances ?? []) if (database.DBInstanceArn) yield toDatabase(database, region)
  }

/** The same call answers for Neptune and DocumentDB, which are other services on the bill. */
const services: Record<string, string> = { neptune: 'AmazonNeptune', docdb: 'AmazonDocDB' }

/** A database instance; its ARN is what the bill calls it. */
export function toDatabase(database: DBInstance, region: string): SeenResource {
  const { DBInstanceArn: arn = '', DBInstanceIdentifier: name = arn, Engine: engine = '' } = database
  return {
    cloudResourceId: arn,
    type: 'RDS Instance',
    name,
    service: services[engine] ?? 'AmazonRDS',
    region,
    tags: tagsOf(database.TagList),
    facts: {
      flavor: database.DBInstanceClass,
      engine,
      engineVersion: database.EngineVersion,
      multiAz: database.MultiAZ ?? false,
      storageType: database.StorageType,
      state: database.DBInstanceStatus,
      zone: database.AvailabilityZone,
    },
    cloudCreatedAt: database.InstanceCreateTime ?? null,
  }
}
