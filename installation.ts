/** What main and cli open: the database (embedded or given), the queue, the outside from the configuration. Closed in reverse order. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PgBoss } from 'pg-boss'
import type { Config } from './config.ts'
import { connect, type Database } from './db/client.ts'
import { startEmbedded, type EmbeddedServer } from './db/embedded.ts'
import { ensureDatabase, migrateDatabase } from './db/migrate.ts'
import { takePulse } from './db/pulse.ts'
import { sealer } from './db/secrets.ts'
import { supervise } from './db/supervise.ts'
import { claimWork } from './db/work-claim.ts'
import type { Deps, Outside } from './engine/context.ts'
import { createLog } from './engine/log.ts'
import { queueErrors } from './engine/queue-errors.ts'
import { createBoss, createQueues } from './engine/worker.ts'
import { awsAdapter } from './integrations/aws/adapter.ts'
import { awsServices, type AwsOptions } from './integrations/aws/client.ts'
import { billReader } from './integrations/bills/read-bill.ts'
import { googleCalendar } from './integrations/google/calendar.ts'
import type { StandIns } from './integrations/sandbox/stand-ins.ts'

export type Installation = {
  deps: Deps
  database: Database
  boss: PgBoss
  /** Says for people what this installation talks to: real or a stand-in. */
  realms: { name: string; real: boolean; where: string }[]
  close: () => Promise<void>
}

/**
 * Opens everything a part needs. Migrations run first; two processes that start together take turns.
 * `visiting`: an embedded server that ran before (under `npm start`) keeps running at the end.
 */
export async function openInstallation(
  config: Config,
  { standIns, visiting = false }: { standIns: StandIns | null; visiting?: boolean },
): Promise<Installation> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const spool = join(config.DATA_DIR, 'spool')
    await ownFolder(spool)
    const log = createLog(config.LOG_LEVEL)
    const embedded = config.DATABASE_URL ? null : await startEmbedded(config.DATA_DIR)
    if (embedded && !(visiting && embedded.attached)) closers.push(supervised(embedded, { config, log }).stop)
    const url = config.DATABASE_URL ?? (await ensureDatabase(embedded!.url, 'finops'))
    const { withoutRowSecurity } = await migrateDatabase(url).catch((error: NodeJS.ErrnoException) => {
      const which = embedded ? `in ${config.DATA_DIR}` : 'of DATABASE_URL'
      throw new Error(`The database ${which} cannot be used: ${error.message || error.code}.`, { cause: error })
    })
    if (withoutRowSecurity !== null)
      log.warn({ why: withoutRowSecurity }, 'no row-level security: this database user cannot have it; see README')
    const pulse = takePulse(url)
    closers.push(pulse.stop)
    const database = connect(url, { max: 16, pulse })
    closers.push(database.close)
    const boss = createBoss(url, pulse)
    const complaints = queueErrors(log, { answers: () => database.sql`select 1` })
    closers.push(async () => complaints.stop())
    boss.on('error', complaints.heard)
    await boss.start()
    if (!visiting) closers.push((await claimWork(url, pulse)).release)
    closers.push(() => boss.stop({ graceful: true, timeout: 12_000 }))
    await createQueues(boss)
    const secrets = sealer(config.SECRET_KEY?.reveal() ?? (await ownKey(config.DATA_DIR)))
    const outside = outsideOf(config, standIns)
    const slack = standIns?.slack.apiUrl ?? config.SLACK_API_URL
    const deps: Deps = {
      ...(slack ? { slack: { apiUrl: slack } } : {}),
      db: database.db,
      boss,
      now: () => new Date(),
      outside,
      secrets,
      log,
      spool,
      publicUrl: publicUrl(config),
    }
    const realms = [
      { name: 'PostgreSQL', real: true, where: embedded ? `embedded, in ${dirname(embedded.folder)}` : 'DATABASE_URL' },
      { name: 'Slack', real: !standIns, where: standIns ? 'the chat page' : `your workspace, ${config.SLACK_MODE}` },
      calendarRealm(config, standIns),
      {
        name: 'AWS',
        real: !standIns && !config.AWS_ENDPOINT_URL,
        where: standIns?.aws.url ?? config.AWS_ENDPOINT_URL ?? 'your accounts',
      },
    ]
    return { deps, database, boss, realms, close }
  } catch (error) {
    await close()
    throw error
  }
}

const supervised = (embedded: EmbeddedServer, { config, log }: { config: Config; log: Deps['log'] }) =>
  supervise(embedded, {
    start: () => startEmbedded(config.DATA_DIR),
    say: (what, error) => log.warn(error ? { err: error } : {}, what),
  })

function calendarRealm(config: Config, standIns: StandIns | null) {
  if (config.GOOGLE_CREDENTIALS) return { name: 'Google Calendar', real: true, where: 'your service account' }
  return { name: 'Google Calendar', real: false, where: standIns?.calendar.url ?? 'off: GOOGLE_CREDENTIALS is not set' }
}

/** The clouds, the bill reader and the calendar, real or stand-in; every address can be set. */
function outsideOf(config: Config, standIns: StandIns | null): Outside {
  const key = config.GOOGLE_CREDENTIALS?.reveal() ?? standIns?.calendar.credentialsJson
  const rootUrl = config.GOOGLE_CREDENTIALS ? config.GOOGLE_API_URL : standIns?.calendar.url
  return {
    clouds: {
      aws: awsAdapter({
        ...(standIns ? { endpoint: standIns.aws.url } : awsAddresses(config)),
        ...ownAwsKey(config, standIns),
      }),
      ...standIns?.recorded,
    },
    readBill: billReader({ memoryMb: config.BILL_MEMORY_MB }),
    calendar: key ? googleCalendar({ credentialsJson: key, ...(rootUrl ? { rootUrl } : {}) }) : null,
  }
}

/** Where AWS is asked when it is not AWS itself: an emulator, a proxy, an S3-compatible store. */
export function awsAddresses(
  config: Config,
): Pick<AwsOptions, 'endpoint' | 'endpoints' | 'cloudWatchProtocol' | 'anyKey'> {
  const { AWS_ENDPOINT_URL: endpoint, AWS_CLOUDWATCH_PROTOCOL: cloudWatchProtocol } = config
  const own = awsServices.flatMap((service) => {
    const address = config[`AWS_ENDPOINT_URL_${service.toUpperCase() as Uppercase<typeof service>}`]
    return address ? [[service, address]] : []
  })
  const anyKey = Boolean(endpoint) || own.length > 0
  return { ...(endpoint ? { endpoint } : {}), endpoints: Object.fromEntries(own), cloudWatchProtocol, anyKey }
}

/** The key of the installation itself; in the sandbox the stand-in knows one. */
function ownAwsKey(config: Config, standIns: StandIns | null) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = config
  if (standIns) return { key: standIns.awsKey }
  return accessKeyId && secret ? { key: { accessKeyId, secretAccessKey: secret.reveal() } } : {}
}

/** The address people reach us at; permalinks in messages start with it. */
export const publicUrl = (config: Config): string => config.PUBLIC_URL ?? `http://localhost:${config.PORT}`

/** Bills and answers of people lie there: nobody else on this machine reads them. Made so before, it is closed now. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

/** The key made at the first start with the embedded database; it lies beside the data it seals. Written whole or not at all. */
async function ownKey(folder: string): Promise<string> {
  const file = join(folder, 'secret.key')
  if (!existsSync(file)) {
    await writeFile(`${file}.new`, randomBytes(32).toString('base64url'), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  return (await readFile(file, 'utf8')).trim()
}
