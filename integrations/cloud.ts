/**
 * The contract with a cloud: what it can do for us, as optional roles. A cloud without a role has no property;
 * nothing ever throws "not supported". Adapters return plain data; only `engine/ingest` turns it into rows.
 */
import type { z } from 'zod'
import type {
  AccountHealth,
  Cloud,
  CommitmentKind,
  InventoryKind,
  MetricName,
  PowerOutcome,
  ResourceType,
} from '../db/vocabulary.ts'

/** Opened credentials of one account; each adapter parses them with its own schema. */
export type Credentials = Record<string, string>

/** A form to sign in with, or several of which a person picks one. `.meta()` marks labels, secrets and what is `given` by us. */
export type CredentialForms = z.ZodObject | z.ZodUnion<readonly z.ZodObject[]>

/** A permission the cloud refused when asked, and what does not work without it. `denied`: by a rule no policy of the key can lift. */
export type MissingPermission = { permission: string; without: string; denied?: true }

/** A document that grants us what we ask for; made when it is wanted, because some name this installation. */
export type GrantFile = { name: string; title: string; content: () => Promise<string> }

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

/** A thing that costs nothing by itself, as the cloud shows it now. Its facts per kind are described at the table `inventory`. */
export type SeenItem = {
  cloudId: string
  kind: InventoryKind
  name: string
  /** '' for what belongs to no region. */
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  cloudCreatedAt: Date | null
}

/**
 * One monitoring point; `at` is the END of its interval: 900 s, a day for buckets. Units: per cent, operations/s, bytes/s,
 * records/s, connections, bytes and objects stored.
 */
export type MetricPoint = { cloudResourceId: string; metric: MetricName; at: Date; value: number }

/** Resources of one type in one region, and the span whose intervals are wanted: those that end in (from, to]. */
export type MetricsRequest = { region: string; cloudResourceIds: string[]; from: Date; to: Date }

export type MetricsRole = (credentials: Credentials, request: MetricsRequest) => AsyncIterable<MetricPoint>

/**
 * A machine or database a cloud sells in a region, with its on-demand list price per hour in USD. Sizes of one `family`
 * can replace each other; a higher `generation` of one `series` is its successor. Databases: `os` is the engine.
 */
export type MachineOffer = {
  region: string
  name: string
  os: string
  software: string
  family: string
  series: string
  generation: number | null
  currentGeneration: boolean | null
  architecture: string
  cpus: number
  memoryGib: number
  hourlyPrice: string
  sku: string
}

/** What a machine cost in the spot market of a zone from `at` on, USD per hour. */
export type SpotPrice = { region: string; zone: string; name: string; os: string; hourlyPrice: string; at: Date }

/** What a commitment to a machine type costs in USD; the columns are explained at the table `commitment_offers`. */
export type CommitmentOffer = {
  region: string
  kind: CommitmentKind
  offeringId: string
  flavor: string
  family: string
  os: string
  software: string
  tenancy: 'default' | 'dedicated'
  class: 'standard' | 'convertible' | 'compute' | 'ec2_instance'
  payment: string
  termSeconds: number
  upfront: string
  hourly: string
}

/** Prices of one region; `names` are the machine types in use (empty: all), `from` how far back history is wanted. */
export type PriceRequest = { region: string; names: string[]; from: Date }

export type PriceRole<Offer> = (credentials: Credentials, request: PriceRequest) => AsyncIterable<Offer>

/** The price lists a cloud has. `nearby` is what the named machines cost in the other regions of the continent. */
export type PriceRoles = {
  machines?: PriceRole<MachineOffer>
  databases?: PriceRole<MachineOffer>
  nearby?: PriceRole<MachineOffer>
  spot?: PriceRole<SpotPrice>
  reservations?: PriceRole<CommitmentOffer>
  plans?: PriceRole<CommitmentOffer>
}

/** Where a region lies: regions of one continent and partition are close. */
export type RegionPlace = { name: string; continent: string; partition: string }

/**
 * One delivery of a billing period: all its files or none. An equal `id` for a period means nothing changed. `flaw` says why
 * it is not known which files those are.
 */
export type BillAssembly = { period: string; id: string; files: BillObject[]; flaw?: string }
/** `version` is how the object looked when it was listed; a download of another one is refused. */
export type BillObject = { key: string; size: number; version?: string }

/** Where the bill lies: bucket, prefix, report … as stored in `accounts.settings`. */
export type BillSettings = Record<string, string>

/**
 * A report (legacy) or export (Data Exports), with the billing periods that lie in its bucket, newest first (none when only
 * its definition is known); `settings` are what an account needs to read it. `flaws` say what a better one would have.
 */
export type FoundReport = {
  name: string
  kind: 'report' | 'export'
  settings: BillSettings
  months: string[]
  flaws?: string[]
}

/** How a person has the cloud write a bill we can read: steps, and the policy its bucket needs. */
export type ReportSetup = { steps: string[]; bucketPolicy: string }

export type BillSource = {
  /** Lists the reports below the bucket and prefix of `settings`, without a bucket those the cloud knows, to choose one. */
  findReports?: (credentials: Credentials, settings: BillSettings) => Promise<FoundReport[]>
  setup?: (about: { cloudAccountId: string; settings: BillSettings }) => ReportSetup
  /** Lists the assemblies of every billing period at hand, newest first. */
  find: (credentials: Credentials, settings: BillSettings) => Promise<BillAssembly[]>
  /** Downloads one object into `folder`, verified by size and checksum; returns the path. `progress` gets bytes so far. */
  download: (
    credentials: Credentials,
    settings: BillSettings,
    object: BillObject & { folder: string; progress?: (bytes: number) => void },
  ) => Promise<string>
}

/** An object of a bucket: `etag` without quotes, `size` in bytes. */
export type StoredObject = { key: string; etag: string; size: number }

/** Lists a bucket, in the order of its keys; '' as region when it is not known. Throws `GoneError` when there is no such bucket. */
export type ObjectsRole = (
  credentials: Credentials,
  place: { bucket: string; region: string },
) => AsyncIterable<StoredObject>

export type DiscoverRole = (credentials: Credentials, region: string) => AsyncIterable<SeenResource>

/** What is `global` belongs to no region and is asked once, with the region ''. */
export type InventoryRole = {
  global?: true
  read: (credentials: Credentials, region: string) => AsyncIterable<SeenItem>
}

/** Machines of one region. */
export type PowerRequest = { region: string; cloudResourceIds: string[] }

/** How asking went for one machine; `message` is why not, in a sentence. `again`: it may go in a minute. */
export type PowerResult = { cloudResourceId: string; outcome: PowerOutcome; message?: string; again?: true }

/** The only roles that change anything in a cloud; they need the separate rights of `permissions.power`. */
export type PowerRoles = {
  /** One result per machine; throws `CloudError` when the cloud as a whole refuses or does not answer. */
  start: (credentials: Credentials, request: PowerRequest) => Promise<PowerResult[]>
  stop: (credentials: Credentials, request: PowerRequest) => Promise<PowerResult[]>
  /** Asks whether the key may start and stop these, and changes nothing. Throws `CloudError` when it may not. */
  check: (credentials: Credentials, request: PowerRequest) => Promise<void>
}

export type CloudAdapter = {
  kind: Cloud
  title: string
  /** The connect form. */
  credentials: CredentialForms
  /** The form that says where the bill lies: bucket, prefix … */
  settings?: z.ZodObject
  /** One account may pay for others, whose costs then come in its bill. */
  hasPayers?: true
  /** What we ask people to grant: `read` is what the `parts` (by the name their notes carry) need; `power` is a separate, opt-in right. */
  permissions: { read: string[]; power: string[]; parts?: Record<string, string[]> }
  /** The read permissions as a document a person pastes into the cloud's console. */
  policy?: string
  /** Everything a person may want to grant with; trust is tied to the external id. */
  grants?: (given: { externalId: string }) => GrantFile[]
  /** Asks for every read permission as cheaply as the cloud allows; answers the refused ones. Throws `CloudError`. */
  probe?: (credentials: Credentials, settings: BillSettings) => Promise<MissingPermission[]>
  /** Asks the cloud who we are. Throws `CloudError`. */
  check?: (credentials: Credentials) => Promise<AccountIdentity>
  regions?: (credentials: Credentials) => Promise<string[]>
  discover?: Partial<Record<ResourceType, DiscoverRole>>
  inventory?: Partial<Record<InventoryKind, InventoryRole>>
  /** Minutes for which a successful answer is good enough: parts that take a call per item, so that asking costs little. */
  rest?: Partial<Record<ResourceType | InventoryKind, number>>
  metrics?: Partial<Record<ResourceType, MetricsRole>>
  prices?: PriceRoles
  /** Where the cloud's regions lie, by their code. */
  places?: Record<string, RegionPlace>
  bill?: BillSource
  power?: PowerRoles
  objects?: ObjectsRole
}

/** The forms a person may sign in with, one after the other. */
export const formsOf = (credentials: CredentialForms): readonly z.ZodObject[] =>
  'shape' in credentials ? [credentials] : credentials.options

/** Declares an adapter; only gives it its type. */
export const cloud = (adapter: CloudAdapter): CloudAdapter => adapter

/** What went wrong with a cloud, in the words of `accounts.health`; `throttled` passes by itself. */
export class CloudError extends Error {
  readonly kind: AccountHealth | 'throttled'
  /** Everything was listed all the same, only details of some are missing: what was not listed is gone. */
  readonly complete: boolean
  /** Nobody answered: whatever else is asked there waits as long. */
  readonly silent: boolean

  /** The cloud answered that we may not, whoever says so. */
  get isRefusal(): boolean {
    return this.kind === 'missing_permission' || this.kind === 'denied'
  }

  constructor(
    kind: AccountHealth | 'throttled',
    message: string,
    options: ErrorOptions & { complete?: boolean; silent?: boolean } = {},
  ) {
    super(message, options)
    this.name = 'CloudError'
    this.kind = kind
    this.complete = options.complete ?? false
    this.silent = options.silent ?? false
  }
}

/** What was asked for does not exist (any more). That is no state of the account, so it is no `CloudError`. */
export class GoneError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GoneError'
  }
}
