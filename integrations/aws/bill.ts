/**
 * Bills in an S3 bucket: cost and usage reports (legacy), Data Exports (CUR 2.0, FOCUS), or plain files in folders by
 * billing period. A manifest is written after its files: it says which files are one delivery. Layouts: AWS Data Exports
 * user guide, "Understanding export delivery" and "Understanding your report versions".
 */
import { createHash } from 'node:crypto'
import { GetObjectCommand, paginateListObjectsV2, S3Client, type _Object } from '@aws-sdk/client-s3'
import { z } from 'zod'
import { CloudError, type BillAssembly, type BillSettings, type BillSource, type Credentials } from '../cloud.ts'
import { download } from './bill-download.ts'
import { awsConfig, call, hasty, pages, type AwsOptions } from './client.ts'
import { definedReports } from './defined-reports.ts'
import { reportSetup } from './report-setup.ts'
import { reportsAmong } from './reports.ts'

/** Where the bill lies, as it is kept in the account's settings. */
export const awsBillSettings = z.object({
  bucket: z
    .string()
    .trim()
    .min(3)
    .regex(/^(arn:|[^/]+$)/, 'This is the name of the bucket only; what follows a slash is the prefix.')
    .meta({ label: 'Bucket', example: 'acme-billing' }),
  prefix: z.string().trim().default('').meta({ label: 'Prefix', example: 'cur' }),
  report: z.string().trim().default('').meta({ label: 'Report or export name', example: 'daily' }),
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]*$/, 'A region is named like us-east-1.')
    .optional()
    .meta({ label: 'Region of the bucket', example: 'us-east-1' }),
})

/** How many billing periods are looked at, newest first: a year and the running month. */
const mostPeriods = 13
/** A bucket with more objects than that is not looked through for reports. */
const mostListed = 200_000
/** A manifest names files; one of a million is smaller. */
const mostManifestBytes = 100_000_000
/** AWS writes the manifest after the files it names; files newer than it, and this fresh, are a delivery under way. */
const deliveryMs = 3_600_000

type Place = { s3: S3Client; bucket: string; root: string; now: () => Date }

/** The bills of an AWS account; an account whose settings name no bucket has none. */
export const awsBill = (options: AwsOptions = {}): BillSource => ({
  findReports: async (credentials, settings) => {
    const asked = hasty(options)
    const place = placeOf(asked, credentials, { ...settings, report: '' })
    return place
      ? reportsAmong(
          (await listObjects(place)).map(({ Key = '' }) => Key),
          settings,
        )
      : definedReports(asked, credentials)
  },
  setup: reportSetup,
  find: async (credentials, settings) => {
    const place = placeOf(options, credentials, settings)
    return place ? findAssemblies(place) : []
  },
  download: async (credentials, settings, object) => {
    const place = placeOf(options, credentials, settings)
    if (!place) throw new CloudError('bad_bill', 'The account no longer says which bucket its bill lies in.')
    return download(place, object)
  },
})

function placeOf(options: AwsOptions, credentials: Credentials, settings: BillSettings): Place | null {
  const parsed = awsBillSettings.safeParse(settings)
  if (!parsed.success) return null
  const { bucket, prefix, report, region } = parsed.data
  const config = awsConfig(options, { service: 's3', credentials, ...(region ? { region } : {}) })
  const root = [prefix, report]
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')
  const s3 = new S3Client({ ...config, followRegionRedirects: true })
  return { s3, bucket, root: root ? `${root}/` : '', now: options.now ?? (() => new Date()) }
}

async function listObjects(place: Place): Promise<_Object[]> {
  const objects: _Object[] = []
  const list = paginateListObjectsV2({ client: place.s3 }, { Bucket: place.bucket, Prefix: place.root })
  for await (const page of pages('s3:ListBucket', list)) {
    objects.push(...(page.Contents ?? []))
    if (objects.length > mostListed)
      throw new CloudError(
        'bad_bill',
        `Below ${place.bucket}/${place.root} lie more than ${mostListed} objects. Name the prefix and the report.`,
      )
  }
  return objects
}

async function findAssemblies(place: Place): Promise<BillAssembly[]> {
  const objects = await listObjects(place)
  refuseSeveral(place, objects)
  const manifests = newest(objects.filter((object) => /-Manifest\.json$/i.test(object.Key!) && !isArchived(object)))
  if (manifests.size === 0) return withoutManifest(objects)
  const periods = [...manifests.keys()].toSorted().toReversed().slice(0, mostPeriods)
  const found = await Promise.all(
    periods.map((period) => readManifest(place, { period, manifest: manifests.get(period)!, objects })),
  )
  return found.filter((assembly) => assembly !== null)
}

/** Two reports tell the same costs in two ways: one of them must be chosen, never both mixed by month. */
function refuseSeveral({ bucket, root }: Place, objects: _Object[]): void {
  const reports = reportsAmong(
    objects.map(({ Key = '' }) => Key),
    {},
  )
  if (reports.length < 2) return
  const names = reports.map(({ name, settings }) => [settings['prefix'], name].filter(Boolean).join('/'))
  throw new CloudError(
    'bad_bill',
    `Below ${bucket}/${root} lie ${reports.length} reports: ${names.slice(0, 10).join(', ')}. Name one of them, prefix and report.`,
  )
}

/** The billing period a path speaks of (`BILLING_PERIOD=2026-10`, `20261001-20261101`, `year=2026/month=10`, `2026-10`), as its first day. */
export function periodOf(path: string): string | null {
  const shapes = [
    /BILLING_PERIOD=(\d{4})-(\d{2})\b/i,
    /(?:^|\/)(\d{4})(\d{2})01-\d{8}(?:\/|$)/,
    /year=(\d{4})\/month=(\d{1,2})\b/i,
    /(?:^|[/_-])(20\d{2})-(\d{2})(?:[/_.-]|$)/,
  ]
  for (const shape of shapes) {
    const [, year, month] = shape.exec(path) ?? []
    if (year && month && Number(month) >= 1 && Number(month) <= 12) return `${year}-${month.padStart(2, '0')}-01`
  }
  return null
}

/** The newest manifest of every period; of two of one moment the one nearer to the top, which AWS keeps current. */
function newest(manifests: _Object[]): Map<string, _Object> {
  const found = new Map<string, _Object>()
  for (const manifest of manifests) {
    const period = periodOf(manifest.Key!)
    const known = period ? found.get(period) : undefined
    if (period && (!known || isNewer(manifest, known))) found.set(period, manifest)
  }
  return found
}

function isNewer(one: _Object, other: _Object): boolean {
  const later = (one.LastModified?.getTime() ?? 0) - (other.LastModified?.getTime() ?? 0)
  return later > 0 || (later === 0 && one.Key!.length < other.Key!.length)
}

const manifestShape = z.looseObject({
  assemblyId: z.string().optional(),
  executionId: z.string().optional(),
  reportKeys: z.array(z.string()).optional(),
  dataFiles: z.array(z.string()).optional(),
})

type Manifested = { period: string; manifest: _Object; objects: _Object[] }

/** A life cycle rule of the bucket put it where nothing can be read before somebody asks for it back. */
const isArchived = ({ StorageClass }: _Object) => StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE'

/** What a manifest names, or its flaw; null when that is nothing, not readable any more, or being written anew. */
async function readManifest(
  { s3, bucket, now }: Place,
  { period, manifest, objects }: Manifested,
): Promise<BillAssembly | null> {
  const flawed = (what: string) => ({
    ...{ period, id: 'flawed', files: [] },
    flaw: `The manifest ${manifest.Key} of ${period.slice(0, 7)} ${what}`,
  })
  if ((manifest.Size ?? 0) > mostManifestBytes) return flawed(`has ${manifest.Size} bytes. It was not read.`)
  const text = await call('s3:GetObject', async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: manifest.Key! }))
    return Body!.transformToString()
  })
  const parsed = manifestShape.safeParse(parseJson(text))
  const keys = parsed.success ? (parsed.data.reportKeys ?? parsed.data.dataFiles) : undefined
  if (!keys) return flawed('does not say which files it is about.')
  const listed = new Map(objects.map((object) => [object.Key!, object]))
  const named = keys.map((key) => key.replace(/^s3:\/\/[^/]+\//, ''))
  if (named.length === 0 || named.some((key) => isArchived(listed.get(key) ?? {}))) return null
  const written = Math.max(...named.map((key) => listed.get(key)?.LastModified?.getTime() ?? 0))
  if (written > (manifest.LastModified?.getTime() ?? 0) && now().getTime() - written < deliveryMs) return null
  const files = named.map((key) => ({ key, size: listed.get(key)?.Size ?? 0, ...versionOf(listed.get(key)) }))
  const { assemblyId, executionId } = parsed.data ?? {}
  const versions = files.map(({ version }) => version ?? 'missing')
  return {
    ...{ period, files },
    id: `${assemblyId ?? executionId ?? 'manifest'}:${digest([manifest.ETag ?? '', ...versions])}`,
  }
}

const versionOf = (object?: _Object) => (object?.ETag ? { version: object.ETag } : {})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Folders of a data export that keeps its versions: `2026-10-05T12-00-00.000Z-<uuid>`, or the UUID alone. */
const execution = /^(\d{4}-\d\d-\d\dT.*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i

/** Where a file of a billing period lies: the folder of the period, and the execution below it; null when there is none. */
function executionOf(key: string, period: string): { folder: string; name: string } | null {
  const folders = key.split('/').slice(0, -1)
  const pathTo = (at: number) => `${folders.slice(0, at + 1).join('/')}/`
  const ofPeriod = folders.findIndex((_, at) => periodOf(pathTo(at)) === period)
  const at = folders.findIndex((name, n) => n > ofPeriod && execution.test(name))
  return ofPeriod < 0 || at < 0 ? null : { folder: pathTo(at - 1), name: folders[at]! }
}

/** Every execution tells the whole period: of several below one folder only that of the newest file is the delivery. */
function withoutEarlier(period: string, found: _Object[]): _Object[] {
  const newest = new Map<string, { name: string; at: number }>()
  for (const { Key = '', LastModified } of found) {
    const own = executionOf(Key, period)
    const at = LastModified?.getTime() ?? 0
    if (own && at >= (newest.get(own.folder)?.at ?? 0)) newest.set(own.folder, { name: own.name, at })
  }
  return found.filter(({ Key = '' }) => {
    const own = executionOf(Key, period)
    return !own || newest.get(own.folder)?.name === own.name
  })
}

/** Files without a manifest: what lies in the folder of a billing period is its delivery. */
function withoutManifest(objects: _Object[]): BillAssembly[] {
  const isBill = ({ Key = '', Size = 0 }: _Object) => Size > 0 && /\.(csv|csv\.gz|csv\.zip|parquet)$/i.test(Key)
  const bills = objects.filter(isBill)
  const periods = Map.groupBy(bills, ({ Key }) => periodOf(Key!))
  if (bills.length && [...periods.keys()].every((period) => period === null))
    throw new CloudError(
      'bad_bill',
      `The files below the prefix do not say which month they are about. Name their folders like 2026-10, or point to a report with a manifest.`,
    )
  return [...periods]
    .flatMap(([period, all]) => (period === null ? [] : [[period, withoutEarlier(period, all)] as const]))
    .filter(([, found]) => !found.some(isArchived))
    .toSorted(([one], [other]) => other.localeCompare(one))
    .slice(0, mostPeriods)
    .map(([period, found]) => ({
      period,
      id: `files:${digest(found.map(({ Key, Size, ETag }) => `${Key} ${Size} ${ETag}`).toSorted())}`,
      files: found.map((object) => ({ key: object.Key!, size: object.Size ?? 0, ...versionOf(object) })),
    }))
}

const digest = (parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
