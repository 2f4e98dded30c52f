/** RDS of the stand-in: the Query protocol, pages by Marker. Shape: the RDS API reference, DescribeDBInstances. */
import { pageOf } from './aws-page.ts'
import { queryReply } from './aws-query.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxDatabase } from './aws-state.ts'
import type { XmlValue } from './aws-xml.ts'

/** Answers one RDS call. */
export function answerRds(state: SandboxAws, { action, form, region }: AwsRequest): AwsReply {
  if (action !== 'DescribeDBInstances') throw new AwsFault(400, 'InvalidAction', `No action ${action}.`)
  const size = Number(form.get('MaxRecords') ?? 100)
  if (size < 20 || size > 100)
    throw new AwsFault(400, 'InvalidParameterValue', `Invalid value ${size} for MaxRecords. Must be between 20 and 100`)
  const all = state.regions[region]?.databases ?? []
  const { items, next } = pageOf(all, { state, size, token: form.get('Marker') })
  const arn = ({ name }: SandboxDatabase) => `arn:aws:rds:${region}:${state.accountId}:db:${name}`
  return queryReply(action, {
    DBInstances: { 'DBInstance[]': items.map((each) => database(each, arn(each))) },
    Marker: next,
  })
}

const database = (each: SandboxDatabase, arn: string): XmlValue => ({
  DBInstanceIdentifier: each.name,
  DBInstanceClass: each.type,
  Engine: each.engine,
  EngineVersion: each.version ?? '16.3',
  DBInstanceStatus: each.state ?? 'available',
  AllocatedStorage: 20,
  InstanceCreateTime: each.createdAt,
  AvailabilityZone: each.zone,
  MultiAZ: each.multiAz ?? false,
  StorageType: each.storageType ?? 'gp3',
  DBInstanceArn: arn,
  TagList: { 'Tag[]': Object.entries(each.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) },
})
