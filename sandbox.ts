/** The demo organization of the sandbox, loaded through the real doors: bills from a bucket and by upload, people linked in the chat. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installWorkspace } from './bot/install.ts'
import { listAccounts } from './db/queries/cloud-accounts.ts'
import { listImports } from './db/queries/imports.ts'
import { findOption, listOrganizations, listPeople, setOption } from './db/queries/organizations.ts'
import { listPools } from './db/queries/pools.ts'
import { countJobs } from './db/queries/readiness.ts'
import { setBinding } from './db/queries/slack-bindings.ts'
import { upsertLink } from './db/queries/slack-links.ts'
import { connectCalendar } from './engine/environments/calendar.ts'
import { contextFor, inTransaction, jobActor, type Context, type Deps } from './engine/context.ts'
import { uploadBill } from './engine/ingest/uploaded-bill.ts'
import { cleanUpDemo, type DemoCleanUp } from './engine/organizations/demo-clean-up.ts'
import { prepareDemo, type Demo, type DemoPlan } from './engine/organizations/demo.ts'
import { startRoutines } from './engine/organizations/demo-routines.ts'
import { situateDemo } from './engine/organizations/demo-situation.ts'
import { forceCheck } from './engine/recommendations/force-check.ts'
import type { SandboxAws } from './integrations/sandbox/aws-state.ts'
import type { StandIns } from './integrations/sandbox/stand-ins.ts'

/** Loads the demo organization unless it is there; killed halfway, the next start goes on where it was. `say` gets progress lines. */
export async function loadDemo(
  deps: Deps,
  { standIns, say }: { standIns: StandIns; say: (line: string) => void },
): Promise<void> {
  const [found] = await listOrganizations(deps.db)
  const orgId = found?.id ?? (await prepare(deps, standIns)).organization.id
  const ctx = await asManager(deps, orgId)
  const { teamId } = await installWorkspace(ctx, { orgId, botToken: standIns.slack.botToken })
  const done = await findOption(deps.db, { orgId, name: 'demo' })
  if (done) return startCleanUp(ctx, standIns)
  await joinChat(ctx, { standIns, teamId })
  await sendBills(ctx, standIns)
  await watchImports(contextFor(deps, orgId, jobActor('demo')), say)
  await connectCalendar(ctx, { calendarId: standIns.calendar.calendarId })
  await inTransaction(ctx, async (ctx) => {
    await situateDemo(ctx)
    await startRoutines(ctx)
    await forceCheck(ctx)
    await setOption(ctx.db, { orgId, name: 'demo', value: { loaded: true } })
  })
  startCleanUp(ctx, standIns)
}

/** Everything before the bills, in one transaction: it is there whole or not at all. */
async function prepare(deps: Deps, { slack, bills, accounts }: StandIns): Promise<Demo> {
  const [lea, ...others] = slack.people.map(({ realName, email, tz }) => ({ name: realName, email, zone: tz }))
  const roles = [
    { role: 'manager', pool: 'Payments' },
    { role: 'engineer', pool: 'Engineering' },
    { role: 'member', pool: null },
  ] as const
  const plan: DemoPlan = {
    name: slack.team.name,
    people: [
      { ...lea!, role: 'manager', pool: null },
      ...others.map((person, n) => ({ ...person, ...roles[Math.min(n, 2)]! })),
    ],
    channel: 'C0ENVIRONMENTS',
    accounts: bills.map(({ name, cloud, cloudAccountId }) => {
      const inBucket = accounts.find((one) => one.name === name)
      if (inBucket)
        return { name, cloud, cloudAccountId, credentials: inBucket.credentials, settings: inBucket.settings }
      const credentials = cloud === 'azure' || cloud === 'alibaba' ? { account: cloudAccountId } : {}
      return { name, cloud, cloudAccountId, credentials, settings: {} }
    }),
  }
  return prepareDemo(deps, plan)
}

async function asManager(deps: Deps, orgId: string): Promise<Context> {
  const people = await listPeople(deps.db, orgId)
  const manager = people.find(({ email }) => email?.startsWith('lea@')) ?? people[0]!
  return contextFor(deps, orgId, { personId: manager.id, door: 'terminal' })
}

/** Who is who in the workspace and what its channels mean. Later starts leave it as people changed it. */
async function joinChat(ctx: Context, { standIns, teamId }: { standIns: StandIns; teamId: string }): Promise<void> {
  const { db, orgId } = ctx
  const people = await listPeople(db, orgId)
  for (const user of standIns.slack.people) {
    const person = people.find(({ email }) => email === user.email)
    if (person) await upsertLink(db, { teamId, slackUserId: user.id, orgId, personId: person.id, linkedAt: ctx.now() })
  }
  const payments = (await listPools(db, orgId)).find(({ name }) => name === 'Payments')
  if (payments) await setBinding(db, { teamId, channel: 'C0PAYMENTS', orgId, poolId: payments.id, boundAt: ctx.now() })
}

/** Uploads the bills that do not lie in a bucket, as a person would on the accounts page. */
async function sendBills(ctx: Context, { bills, accounts: inBuckets }: StandIns): Promise<void> {
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const imports = await listImports(ctx.db, { orgId: ctx.orgId })
  const folder = join(ctx.spool, 'demo')
  await mkdir(folder, { recursive: true })
  for (const bill of bills) {
    const account = accounts.find(({ name }) => name === bill.name)
    const inBucket = inBuckets.some(({ name }) => name === bill.name)
    if (!account || inBucket || imports.some(({ accountId }) => accountId === account.id)) continue
    const files = bill.files
      .filter(({ key }) => !key.endsWith('.json'))
      .map(({ key, body }) => ({ name: key.split('/').slice(-2).join('-'), body }))
    for (const { name, body } of files) await writeFile(join(folder, name), body)
    await uploadBill(ctx, {
      accountId: account.id,
      files: files.map(({ name }) => ({ name, path: join(folder, name) })),
    })
  }
}

/** Waits until no import waits or runs, and says how far they are. Gives up after five minutes: the rest goes on by itself. */
async function watchImports(ctx: Context, say: (line: string) => void): Promise<void> {
  let last = ''
  for (let waited = 0; waited < 300_000; waited += 250) {
    const all = await listImports(ctx.db, { orgId: ctx.orgId })
    const open = all.filter(({ state }) => state === 'scheduled' || state === 'running')
    const lines = all.reduce((sum, one) => sum + one.lines, 0)
    const line = `Bills: ${all.length - open.length} of ${all.length} read, ${lines.toLocaleString('en-US')} lines`
    if (line !== last) say(line)
    last = line
    if (all.length > 0 && open.length === 0 && !(await isReading(ctx))) return
    await sleep(250)
  }
}

/** Does an import wait or run? One that looks into a bucket has no row until it knows what is new. Jobs are not for doors. */
async function isReading(ctx: Context): Promise<boolean> {
  const { jobs } = await countJobs(ctx.db)
  return jobs.some(({ queue, state }) => queue === 'import-bill' && ['created', 'retry', 'active'].includes(state))
}

const cleanUpOption = 'demo_clean_up'
type Accounts = Pick<StandIns, 'accounts'>

/** The cloud forgets with every start what was deleted in it; call it before anything reads it. */
export async function recallCleanUp(deps: Deps, { accounts }: Accounts): Promise<void> {
  const [organization] = await listOrganizations(deps.db)
  const did = organization && (await findOption(deps.db, { orgId: organization.id, name: cleanUpOption }))
  if (did) cleanUp(accounts, did as DemoCleanUp & { at: string })
}

/** Makes the clean-up that somebody is in the middle of, once the first checks have found enough, in the background: nobody waits for it at the start. */
function startCleanUp(ctx: Context, standIns: Accounts): void {
  void makeCleanUp(ctx, standIns).catch((error: unknown) => ctx.log.warn({ error }, 'the demo has no clean-up'))
}

/** Tries for ten minutes; false when nothing was found to clean up by then. */
export async function makeCleanUp(
  ctx: Context,
  { accounts }: Accounts,
  { everyMs = 2000 }: { everyMs?: number } = {},
): Promise<boolean> {
  const { orgId } = ctx
  if (await findOption(ctx.db, { orgId, name: cleanUpOption })) return true
  for (let waited = 0; waited < 600_000; waited += everyMs) {
    const made = await cleanUpDemo(ctx, async (ctx, did) => {
      const value = { ...did, at: ctx.now().toISOString() }
      await setOption(ctx.db, { orgId, name: cleanUpOption, value })
      cleanUp(accounts, value)
    })
    if (made) return true
    // A process that ends does not wait for this.
    await sleep(everyMs, undefined, { ref: false })
  }
  return false
}

/** What the scripts did: all snapshots are gone but the one an image was made of meanwhile. */
function cleanUp(
  accounts: StandIns['accounts'],
  { deleted, kept, region, accountNumber, at }: DemoCleanUp & { at: string },
): void {
  const state: SandboxAws | undefined = accounts
    .map((one) => one.state)
    .find(({ accountId }) => accountId === accountNumber)
  const place = state?.regions[region]
  if (!place) return
  place.snapshots = place.snapshots.filter(({ id }) => !deleted.includes(id))
  const id = `ami-0${kept.slice(-16)}`
  if (place.images.some((image) => image.id === id)) return
  place.images.push({ id, name: 'before-the-migration', createdAt: new Date(at), snapshotIds: [kept] })
}
