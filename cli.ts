/**
 * The terminal door. Any line of the bot works: `npm run finops -- cost by service 14d`. Besides:
 *
 *   import <account> <files…>    reads a bill into an account, by name; all files together are one bill
 *   duplicates …                 as in Slack, and follows the check until it ends
 *   sign-in [person]             makes a one-time link into the web view
 *   accounts                     lists accounts and how each is doing
 *   migrate                      applies migrations and stops
 *   refresh-maps                 reads the regions of AWS again into the program's map, with the key of a connected account
 *
 * `--as <name>` acts as another person; without it as the first organization manager. Stand-ins are not started here.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { followDuplicates } from './bot/terminal-duplicates.ts'
import { followImport } from './bot/terminal-import.ts'
import { answerInTerminal } from './bot/terminal.ts'
import { readConfig } from './config.ts'
import { listAccounts } from './db/queries/cloud-accounts.ts'
import { listManagers, listOrganizations, listPeople } from './db/queries/organizations.ts'
import { isWorked } from './db/work-claim.ts'
import { openCredentials } from './engine/accounts/credentials.ts'
import { healthOf } from './engine/accounts/health.ts'
import { contextFor, jobActor, type Context } from './engine/context.ts'
import { runDuplicateCheck } from './engine/duplicates/check.ts'
import { findLatestCheck } from './engine/duplicates/matrix.ts'
import { AppError, invalid, notFound, upstream } from './engine/errors.ts'
import { importBill } from './engine/ingest/import-bill.ts'
import { uploadBill } from './engine/ingest/uploaded-bill.ts'
import { makeSignInLink } from './engine/organizations/sign-in.ts'
import { isLost, lost } from './engine/reach.ts'
import { awsAddresses, openInstallation } from './installation.ts'
import { refreshPlaces } from './integrations/aws/places.ts'
import { CloudError } from './integrations/cloud.ts'

const { values, tokens } = parseArgs({
  allowPositionals: true,
  strict: false,
  tokens: true,
  options: { as: { type: 'string' } },
})
/** All but `--as` belongs to the line: `--csv` means something to the bot. */
const [verb = 'help', ...words] = tokens.flatMap((token) => {
  if (token.kind === 'positional') return token.value
  return token.kind === 'option' && token.name !== 'as' ? token.rawName : []
})
// A connection that was cut while nobody asked anything on it; whoever asks next says so.
process.on('uncaughtException', (error) => {
  if (!isLost(error)) throw error
})
const config = await orSay(() => readConfig())
const open = () => openInstallation({ ...config, LOG_LEVEL: 'silent' }, { standIns: null, visiting: true })
const installation = await orSay(open)
try {
  if (verb !== 'migrate') console.log(await run(await contextOfCaller(caller())))
} catch (error) {
  sayFailed(error)
  process.exitCode = 1
} finally {
  await installation.close()
}

/** What went wrong as a sentence; throws what is a defect of ours. */
function sayFailed(error: unknown): void {
  const known = isLost(error) ? lost() : error
  if (!(known instanceof AppError)) throw error
  console.error([known.message, known.detail.next].filter(Boolean).join(' '))
}

/** What cannot be begun ends here with its reason, as `npm start` does: a person has no use for our lines of code. */
async function orSay<T>(begin: () => T | Promise<T>): Promise<T> {
  try {
    return await begin()
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

async function run(ctx: Context): Promise<string> {
  if (verb === 'import') return importFiles(ctx, words)
  if (verb === 'sign-in') return makeSignInLink(ctx, { goTo: '/' })
  if (verb === 'accounts') return describeAccounts(ctx)
  if (verb === 'refresh-maps') return refreshMaps(ctx)
  const person = { orgId: ctx.orgId, personId: ctx.actor.personId! }
  const answer = await answerInTerminal(ctx, { ...person, line: [verb, ...words].join(' ') })
  return verb === 'duplicates' ? ((await followCheck(ctx)) ?? answer) : answer
}

/** Follows the newest check for duplicates to its end; null when none is under way. As with bills, only one process works. */
async function followCheck(ctx: Context): Promise<string | null> {
  const check = await findLatestCheck(ctx)
  if (!check || check.state === 'success' || check.state === 'failed') return null
  const working = (await isWorked(installation.database.sql))
    ? null
    : runDuplicateCheck(inPlaceOf('check-duplicates', ctx), { checkId: check.id })
  const [came] = await Promise.all([followDuplicates(ctx, { checkId: check.id, say: progress }), working])
  return came
}

/** A job done here because nobody else does it: it writes in bulk, as the owner of the tables. */
function inPlaceOf(job: string, { orgId }: Context): Context {
  return contextFor(installation.deps, orgId, jobActor(job))
}

/** Who is meant: `--as`, or the person a link is asked for; nobody named is the first organization manager. */
function caller(): string | null {
  if (typeof values.as === 'string') return values.as
  if (values.as) throw invalid('Nobody was named. Nothing was done.', { next: 'Say who with --as <name>.' })
  return (verb === 'sign-in' && words.join(' ')) || null
}

async function contextOfCaller(name: string | null): Promise<Context> {
  const { deps } = installation
  const [organization] = await listOrganizations(deps.db)
  if (!organization) throw notFound('There is no organization yet.', { next: 'Run npm start once; it makes one.' })
  const [manager] = await listManagers(deps.db, { orgId: organization.id, poolId: null })
  const people = await listPeople(deps.db, organization.id)
  const called = people.filter((one) => one.name.toLowerCase().startsWith(name?.toLowerCase() ?? ''))
  const exact = called.find((one) => one.name.toLowerCase() === name?.toLowerCase())
  if (name && !exact && called.length > 1)
    throw invalid(`Several people are called ${name}. Nothing was done.`, {
      next: `Try ${called.map((one) => one.name).join(', ')}.`,
    })
  const person = name ? (exact ?? called[0]) : manager
  if (!person)
    throw notFound(`There is nobody called ${name ?? 'manager'} here.`, {
      next: `Try ${people.map((one) => one.name).join(', ')}.`,
    })
  return contextFor(deps, organization.id, { personId: person.id, door: 'terminal' })
}

/**
 * Copies the files (yours stay where they are), has them read as one bill, and says how far it is and what came of it.
 * A running engine reads them; only without one this process does, so that no bill is read twice at a time.
 */
async function importFiles(ctx: Context, [name = '', ...paths]: string[]): Promise<string> {
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const account = accounts.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!account)
    throw notFound(`There is no account called “${name}”.`, {
      next: `Try ${accounts.map((one) => one.name).join(', ')}.`,
    })
  const id = await uploadCopies(ctx, { accountId: account.id, paths })
  const reading = (await isWorked(installation.database.sql))
    ? null
    : importBill(inPlaceOf('import-bill', ctx), { accountId: account.id, importId: id })
  const following = followImport(ctx, { importId: id, say: progress })
  const [came] = await Promise.all([following, reading])
  const most = Math.round(process.resourceUsage().maxRSS / 1024)
  return reading ? `${came}\nThis process took ${most} MB of memory at most.` : came
}

/** Uploads copies; what is left of them when it does not come to that is removed. */
async function uploadCopies(
  ctx: Context,
  { accountId, paths }: { accountId: string; paths: string[] },
): Promise<string> {
  if (paths.length === 0)
    throw invalid('No file was named. Nothing was imported.', { next: 'Name the files of one bill.' })
  const folder = await mkdtemp(join(tmpdir(), 'finops-import-'))
  try {
    const files = paths.map((path, n) => ({ name: basename(path), from: path, path: join(folder, String(n)) }))
    for (const { from, path } of files)
      await copyFile(from, path).catch((error: NodeJS.ErrnoException) => {
        throw invalid(`${from} cannot be read (${error.code}). Nothing was imported.`)
      })
    return (await uploadBill(ctx, { accountId, files })).id
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Progress goes beside the answer: over itself at a terminal, line by line into a file. */
function progress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${line}` : `${line}\n`)
}

async function describeAccounts(ctx: Context): Promise<string> {
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  return accounts.map((account) => `${account.name} (${account.cloud}): ${healthOf(account).sentence}`).join('\n')
}

async function refreshMaps(ctx: Context): Promise<string> {
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const account = accounts.find(({ cloud, credentials }) => cloud === 'aws' && credentials !== null)
  const credentials = account && openCredentials(ctx, account)
  if (!credentials)
    throw notFound('There is no AWS account with a key here, so the map stays as it is.', {
      next: 'Connect one first.',
    })
  const { regions, added, renamed, unknown } = await refreshPlaces(awsAddresses(config), { credentials }).catch(
    (error: unknown) => {
      throw error instanceof CloudError ? upstream(`${error.message} The map stays as it is.`) : error
    },
  )
  const told = [
    ...added.map((code) => `new: ${code}`),
    ...renamed.map((code) => `renamed: ${code}`),
    ...unknown.map((code) => `left out, because its continent is not known: ${code}`),
  ]
  return [`The map has ${regions} regions of AWS.`, ...(told.length ? told : ['Nothing changed.'])].join('\n')
}
