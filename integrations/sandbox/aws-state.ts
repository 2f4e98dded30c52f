/** What the AWS stand-in knows: plain data a test or the demo builds and may change while the server runs. */
import type {
  SandboxAddress,
  SandboxBalancer,
  SandboxGateway,
  SandboxImage,
  SandboxInstance,
  SandboxInterface,
  SandboxSecurityGroup,
  SandboxSnapshot,
  SandboxVolume,
} from './aws-ec2-state.ts'

/** One series of CloudWatch, as it is listed. */
export type SandboxSeries = { namespace: string; name: string; dimensions: Record<string, string> }

/**
 * One CloudWatch sample of an interval of `seconds` that starts at `start`: an average for CPUUtilization, a sum for the
 * others; null when there is none. `instanceId` is the dimension of that name, empty for what is no machine.
 */
export type SandboxMetric = (
  of: SandboxSeries & { instanceId: string; start: Date; seconds: number; stat: string },
) => number | null

export type SandboxRegion = {
  instances: SandboxInstance[]
  volumes: SandboxVolume[]
  addresses: SandboxAddress[]
  snapshots: SandboxSnapshot[]
  images: SandboxImage[]
  securityGroups: SandboxSecurityGroup[]
  interfaces: SandboxInterface[]
  gateways: SandboxGateway[]
  balancers: SandboxBalancer[]
  databases: SandboxDatabase[]
  streams: SandboxStream[]
  metric?: SandboxMetric
  /** What ListMetrics shows. */
  series?: SandboxSeries[]
  /** What DescribeInstanceTypes shows. */
  machineTypes?: SandboxMachineType[]
  spotPrices?: SandboxSpotPrice[]
  reservations?: SandboxReservation[]
}

/**
 * `etag` when it is not the MD5 of the body: an object that came in parts, or one that was damaged since. `size` when the
 * list shall show an object larger than its body. `archived`: a life cycle rule put it away, so that it cannot be read.
 */
export type SandboxObject = { body: Buffer; lastModified: Date; etag?: string; size?: number; archived?: true }

/**
 * On-demand list price per hour; the system is Linux without software unless said. With an `engine` it is a database.
 * `attributes` are added to those of the product, or replace them.
 */
export type SandboxPrice = {
  region: string
  type: string
  cpus: number
  memoryGib: number
  usd: string
  os?: string
  software?: string
  engine?: string
  attributes?: Record<string, string>
}

export type SandboxMachineType = { type: string; current: boolean; architectures: string[] }

export type SandboxSpotPrice = { type: string; zone: string; description: string; usd: string; at: Date }

export type SandboxReservation = {
  id: string
  type: string
  description: string
  tenancy: 'default' | 'dedicated'
  class: 'standard' | 'convertible'
  payment: string
  seconds: number
  fixed: number
  hourly: number
  scope?: 'Region' | 'Availability Zone'
  marketplace?: boolean
}

/** What a savings plan charges for an hour of a machine type. */
export type SandboxPlanRate = {
  offering: { id: string; type: 'Compute' | 'EC2Instance'; payment: string; seconds: number; currency?: string }
  region: string
  type: string
  description: string
  tenancy: 'shared' | 'dedicated' | 'host'
  usageType: string
  rate: string
}

/** A database instance; AWS gives it the ARN `arn:aws:rds:<region>:<account>:db:<name>`. */
export type SandboxDatabase = {
  name: string
  type: string
  engine: string
  version?: string
  state?: string
  multiAz?: boolean
  storageType?: string
  createdAt: Date
  zone?: string
  tags?: Record<string, string>
}

export type SandboxStream = {
  name: string
  shards: number
  mode?: 'PROVISIONED' | 'ON_DEMAND'
  createdAt: Date
  tags?: Record<string, string>
}

/** What is blocked: the public access of policies and access lists, or (`new…`) only that more of them are made. */
export type SandboxBlock = { policy?: boolean; acls?: boolean; newPolicies?: boolean; newAcls?: boolean }

/** What a bucket is besides its objects; without a block nothing is blocked, without `publicPolicy` it has no policy. */
export type SandboxBucket = {
  region?: string
  createdAt?: Date
  block?: SandboxBlock
  publicPolicy?: boolean
  /** Grants to groups everybody is in. */
  grants?: { group: 'AllUsers' | 'AuthenticatedUsers'; permission: string }[]
  tags?: Record<string, string>
}

export type SandboxUser = {
  id: string
  name: string
  createdAt: Date
  hasConsole?: boolean
  passwordUsedAt?: Date
  keys?: { id: string; active: boolean; usedAt?: Date }[]
}

/** A role somebody else may take: whom its trust policy names, and with which external id; null: with any. */
export type SandboxRole = { principal: string; externalId: string | null }

/** A session of a role, by its access key; a test may end it early. */
export type SandboxSession = { secret: string; token: string; roleArn: string; expires: Date }

/** A report definition of the legacy service, in its own words. */
export type SandboxReport = {
  ReportName: string
  TimeUnit: 'DAILY' | 'HOURLY' | 'MONTHLY'
  Format: 'textORcsv' | 'Parquet'
  Compression: 'GZIP' | 'ZIP' | 'Parquet'
  AdditionalSchemaElements: string[]
  S3Bucket: string
  S3Prefix: string
  S3Region: string
  RefreshClosedReports?: boolean
  ReportVersioning?: 'OVERWRITE_REPORT' | 'CREATE_NEW_REPORT'
}

/** An export of Data Exports, in its own words, as far as it is read. */
export type SandboxExport = {
  ExportArn: string
  Name: string
  DataQuery: { QueryStatement: string; TableConfigurations?: Record<string, Record<string, string>> }
  DestinationConfigurations: { S3Destination: { S3Bucket: string; S3Prefix: string; S3Region: string } }
}

export type SandboxAws = {
  accountId: string
  /** Access keys that work, with their secrets. */
  keys: Record<string, string>
  regions: Record<string, SandboxRegion>
  /** Bucket → key → object. */
  buckets: Record<string, Map<string, SandboxObject>>
  /** By bucket; one without settings lies in us-east-1. */
  bucketSettings: Record<string, SandboxBucket>
  /** Holds for all buckets. */
  accountBlock?: SandboxBlock
  /** IAM users. */
  users: SandboxUser[]
  /** No page is larger than this, whatever is asked for. */
  pageLimit?: number
  /** The list of buckets knows no regions, as in emulators. */
  plainBucketList?: true
  /** Buckets whose own policy refuses this account's keys. */
  closedBuckets?: string[]
  /** Roles of the account by their ARN, and the sessions lent so far. */
  roles?: Record<string, SandboxRole>
  sessions?: Record<string, SandboxSession>
  reports?: SandboxReport[]
  exports?: SandboxExport[]
  prices?: SandboxPrice[]
  planRates?: SandboxPlanRate[]
}

/** An account with no resources and one key, `AKIASANDBOXKEY000001` with the secret `sandbox-secret-key-0001`. */
export const emptyAws = (more: Partial<SandboxAws> = {}): SandboxAws => ({
  accountId: '111122223333',
  keys: { AKIASANDBOXKEY000001: 'sandbox-secret-key-0001' },
  regions: { 'us-east-1': emptyRegion() },
  buckets: {},
  bucketSettings: {},
  users: [],
  ...more,
})

/** A region with nothing in it. */
export const emptyRegion = (more: Partial<SandboxRegion> = {}): SandboxRegion => ({
  instances: [],
  volumes: [],
  addresses: [],
  snapshots: [],
  images: [],
  securityGroups: [],
  interfaces: [],
  gateways: [],
  balancers: [],
  databases: [],
  streams: [],
  ...more,
})
