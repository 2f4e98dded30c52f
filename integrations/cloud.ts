/**
 * The contract with a cloud: what it can do for us, as optional roles. A cloud without a role has no property;
 * nothing ever throws "not supported". Adapters return plain data; only `engine/ingest` turns it into rows.
 */
import type { z } from 'zod'
import type { AccountHealth, Cloud, MetricName, ResourceType } from '../db/vocabulary.ts'

/** Opened credentials of one account; each adapter parses them with its own schema. */
export type Credentials = Record<string, string>

/** Who the credentials belong to. `cloudAccountId` is the cloud's own number. */
export type AccountIdentity = { cloudAccountId: string; name: string; currency: string | null }

/** A resource as the cloud shows it now. The optional states feed the tracked timestamps of `engine/ingest/tracked-states.ts`. */
export type SeenResource = {
  cloudResourceId: string
  type: ResourceType
  name: string
  service: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  cloudCreatedAt: Date | null
  /** Volumes: attached to something. */
  attached?: boolean
  /** Addresses: not in use. */
  available?: boolean
  /** Instances: stopped, yet still charged. */
  stoppedAllocated?: boolean
  /** Instances: state is anything but stopped. */
  running?: boolean
  spot?: boolean
}

/** One monitoring point of 900 s; `at` is the END of its interval. Units: per cent, operations/s, bytes/s. */
export type MetricPoint = { cloudResourceId: string; metric: MetricName; at: Date; value: number }

export type MetricsRequest = { region: string; cloudResourceIds: string[]; from: Date; to: Date }

/** A machine a cloud sells in a region, with its on-demand list price per hour in USD. Sizes of one `family` can replace each other. */
export type MachineOffer = {
  region: string
  name: string
  os: string
  family: string
  cpus: number
  memoryGib: number
  hourlyPrice: string
}

/** One delivery of a billing period: all its files or none. An equal `id` for a period means nothing changed. */
export type BillAssembly = { period: string; id: string; files: BillObject[] }
/** `version` is how the object looked when it was listed; a download of another one is refused. */
export type BillObject = { key: string; size: number; version?: string }

/** Where the bill lies: bucket, prefix, report … as stored in `accounts.settings`. */
export type BillSettings = Record<string, string>

/**
 * A report (legacy) or export (Data Exports) that lies in a bucket, with the billing periods it has, newest first;
 * `settings` are what an account needs to read it.
 */
export type FoundReport = { name: string; kind: 'report' | 'export'; settings: BillSettings; months: string[] }

export type BillSource = {
  /** Lists the reports below the bucket and prefix of `settings`, so that a person can choose one. */
  findReports?: (credentials: Credentials, settings: BillSettings) => Promise<FoundReport[]>
  /** Lists the assemblies of every billing period at hand, newest first. */
  find: (credentials: Credentials, settings: BillSettings) => Promise<BillAssembly[]>
  /** Downloads one object into `folder`, verified by size and checksum; returns the path. `progress` gets bytes so far. */
  download: (
    credentials: Credentials,
    settings: BillSettings,
    object: BillObject & { folder: string; progress?: (bytes: number) => void },
  ) => Promise<string>
}

export type DiscoverRole = (credentials: Credentials, region: string) => AsyncIterable<SeenResource>

export type CloudAdapter = {
  kind: Cloud
  title: string
  /** The connect form: labels and secrets are marked in `.meta()`. */
  credentials: z.ZodObject
  /** The form that says where the bill lies: bucket, prefix … */
  settings?: z.ZodObject
  /** What we ask people to grant; `power` is a separate, opt-in right. */
  permissions: { read: string[]; power: string[] }
  /** The read permissions as a document a person pastes into the cloud's console. */
  policy?: string
  /** Asks the cloud who we are. Throws `CloudError`. */
  check?: (credentials: Credentials) => Promise<AccountIdentity>
  regions?: (credentials: Credentials) => Promise<string[]>
  discover?: Partial<Record<ResourceType, DiscoverRole>>
  metrics?: (credentials: Credentials, request: MetricsRequest) => AsyncIterable<MetricPoint>
  machineTypes?: (credentials: Credentials, region: string) => AsyncIterable<MachineOffer>
  bill?: BillSource
}

/** Declares an adapter; only gives it its type. */
export const cloud = (adapter: CloudAdapter): CloudAdapter => adapter

/** What went wrong with a cloud, in the words of `accounts.health`; `throttled` passes by itself. */
export class CloudError extends Error {
  readonly kind: AccountHealth | 'throttled'

  constructor(kind: AccountHealth | 'throttled', message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CloudError'
    this.kind = kind
  }
}
