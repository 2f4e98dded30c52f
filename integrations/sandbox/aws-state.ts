/** What the AWS stand-in knows: plain data a test or the demo builds and may change while the server runs. */

export type SandboxInstance = {
  id: string
  name?: string
  type: string
  state: 'running' | 'stopped' | 'terminated'
  launchedAt: Date
  /** When its network interface was attached, the true birthday of an instance that was restarted later. */
  attachedAt?: Date
  zone?: string
  spot?: boolean
  cores?: number
  imageId?: string
  /** `PlatformDetails`; Linux/UNIX unless said. */
  platform?: string
  vpcId?: string
  securityGroups?: { id: string; name: string }[]
  tags?: Record<string, string>
}

export type SandboxVolume = {
  id: string
  name?: string
  sizeGib: number
  type: string
  createdAt: Date
  zone?: string
  attachedTo?: string
  snapshotId?: string
  tags?: Record<string, string>
}

export type SandboxAddress = {
  allocationId: string
  publicIp: string
  name?: string
  instanceId?: string
  networkInterfaceId?: string
  tags?: Record<string, string>
}

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
  metric?: SandboxMetric
  /** What ListMetrics shows. */
  series?: SandboxSeries[]
  /** What DescribeInstanceTypes shows. */
  machineTypes?: SandboxMachineType[]
  spotPrices?: SandboxSpotPrice[]
  reservations?: SandboxReservation[]
}

/** `etag` when it is not the MD5 of the body: an object that came in parts, or one that was damaged since. */
export type SandboxObject = { body: Buffer; lastModified: Date; etag?: string }

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

export type SandboxAws = {
  accountId: string
  /** Access keys that work, with their secrets. */
  keys: Record<string, string>
  regions: Record<string, SandboxRegion>
  /** Bucket → key → object. */
  buckets: Record<string, Map<string, SandboxObject>>
  prices?: SandboxPrice[]
  /** No page is larger than this, whatever is asked for. */
  pageLimit?: number
  planRates?: SandboxPlanRate[]
}

/** An account with no resources and one key, `AKIASANDBOXKEY000001` with the secret `sandbox-secret-key-0001`. */
export const emptyAws = (more: Partial<SandboxAws> = {}): SandboxAws => ({
  accountId: '111122223333',
  keys: { AKIASANDBOXKEY000001: 'sandbox-secret-key-0001' },
  regions: { 'us-east-1': emptyRegion() },
  buckets: {},
  ...more,
})

/** A region with nothing in it. */
export const emptyRegion = (more: Partial<SandboxRegion> = {}): SandboxRegion => ({
  instances: [],
  volumes: [],
  addresses: [],
  ...more,
})
