/** Tests a recommendation by three lists: what it reports, what it ignores, and how a finding ends. Real database, one account per case. */
import { and, eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { insertMetricPoints } from '../../db/queries/metrics.ts'
import { archivedFindings, findings, type Finding } from '../../db/schema/recommendations.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { inventory, type InventoryItem } from '../../db/schema/inventory.ts'
import { resources, type Resource } from '../../db/schema/resources.ts'
import { usage, type Usage } from '../../db/schema/usage.ts'
import type { ArchiveReason, Cloud, InventoryKind, MetricName } from '../../db/vocabulary.ts'
import { cleanOptions } from '../../engine/recommendations/options.ts'
import type { Check, Recommendation } from '../../engine/recommendations/recommendation.ts'
import { settle } from '../../engine/recommendations/settle.ts'
import { addDays, dayMs, dayOf, hourMs } from '../../engine/time.ts'
import { world, type World } from '../world.ts'

/** Monday. */
export const now = new Date('2026-11-23T10:00:00Z')
export const daysAgo = (days: number): Date => new Date(now.getTime() - days * dayMs)

/** A stretch of monitoring with one value, a point every 900 s, in (from, to]. */
export type Stretch = { metric: MetricName; from: Date; to: Date; value: number }

/** A line of usage of a resource, by days before today; amounts and hours are those of the day. */
export type Used = Partial<Omit<Usage, 'day'>> & { ago: number }

/** A resource, its cost by days before today (0 = today), its monitoring and its usage. */
export type Thing = Partial<Resource> & { costs?: Record<number, number>; metrics?: Stretch[]; used?: Used[] }

/** Another thing of the account: not a resource (an image, a user, a group), or one more resource. */
export type Beside =
  | (Thing & { kind?: undefined })
  | (Partial<InventoryItem> & { kind: InventoryKind; cloudId: string })

/** The same cost on each of the last `days` days, yesterday first. */
export const daily = (cost: number, days: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: days }, (_, n) => [n + 1, cost]))

/** The three metrics that say whether an instance works, steady over the last `days` days. */
export const steady = (days: number, values: { cpu?: number; in?: number; out?: number }): Stretch[] =>
  (
    [
      ['cpu', values.cpu],
      ['network_in_io', values.in],
      ['network_out_io', values.out],
    ] as const
  ).flatMap(([metric, value]) => (value === undefined ? [] : [{ metric, from: daysAgo(days), to: now, value }]))

type Case = {
  name: string
  given: Thing
  /** What else the account holds. */
  beside?: Beside[]
  options?: Record<string, unknown>
  cloud?: Cloud
  currency?: string
}
type Reports = Case & {
  saving: string | null
  evidence?: Record<string, unknown>
  excluded?: boolean
  /** Of a finding with a key of its own. */
  key?: string
}
type Ends = Case & {
  /** What changed at the resource, or 'gone' from the database. */
  becomes: Partial<Resource> | 'gone'
  /** What changed at the other things, or is new; one of the same id is replaced. */
  besides?: Beside[]
  /** Usage that replaces the old one. */
  used?: Used[]
  /** Monitoring that replaces the old one. */
  metrics?: Stretch[]
  /** Cost that replaces the old one. */
  costs?: Record<number, number>
  /** Settings of the second check; the first one's stay the ones the end is judged by. */
  laterOptions?: Record<string, unknown>
  reason: ArchiveReason | null
}

export type Cases = { prepare?: (world: World) => Promise<void>; reports: Reports[]; ignores: Case[]; ends: Ends[] }

/** Registers the tests of one recommendation. */
export function testRecommendation(one: Recommendation, { prepare, reports, ignores, ends }: Cases): void {
  let w: World
  beforeAll(async () => {
    w = await world({ now: now.toISOString() })
    await prepare?.(w)
  })

  describe(`${one.title} are reported`, () => {
    it.each(reports)('$name', async (it) => {
      const { check, resource } = await given(w, one, it)
      await run(w, one, { check, options: it.options })
      const [finding, ...more] = await found(w, one, check)
      expect(more).toEqual([])
      const about = it.key === undefined ? { resourceId: resource.id } : { key: it.key }
      expect(finding).toMatchObject({ ...about, saving: it.saving, isExcluded: it.excluded ?? false })
      if (it.evidence) expect(finding!.evidence).toMatchObject(it.evidence)
      expect(one.evidence.safeParse(finding!.evidence).error).toBeUndefined()
      expect(Object.keys(finding!.evidence).toSorted()).toEqual(Object.keys(one.evidence.shape).toSorted())
    })
  })

  describe(`${one.title} are not`, () => {
    it.each(ignores)('$name', async (it) => {
      const { check } = await given(w, one, it)
      await run(w, one, { check, options: it.options })
      expect(await found(w, one, check)).toEqual([])
    })
  })

  describe(`${one.title} end`, () => {
    it.each(ends)('$name', async (it) => {
      const { check, resource, account } = await given(w, one, it)
      await run(w, one, { check, options: it.options })
      expect(await found(w, one, check)).toHaveLength(1)
      await change(w, resource, it)
      for (const thing of it.besides ?? []) await put(w, account, thing)
      await run(w, one, { check, options: it.laterOptions ?? it.options, before: it.options ?? {} })
      expect(await found(w, one, check)).toEqual([])
      expect((await archived(w, one, check)).map((row) => row.reason)).toEqual(it.reason === null ? [] : [it.reason])
    })
  })
}

async function given(
  w: World,
  one: Recommendation,
  it: Case,
): Promise<{ check: Check; resource: Resource; account: Account }> {
  const cloud = it.cloud ?? one.clouds[0]!
  const account = await w.account(cloud, { lastImportAt: now })
  const resource = await putResource(w, account, it.given)
  for (const thing of it.beside ?? []) await put(w, account, thing)
  const check = { orgId: w.org.id, accountId: account.id, cloud, currency: it.currency ?? 'USD', now }
  return { check, resource, account }
}

async function putResource(w: World, account: Account, thing: Thing): Promise<Resource> {
  const { costs = {}, metrics = [], used = [], ...row } = thing
  const { db } = w.database
  if (row.cloudResourceId)
    await db
      .delete(resources)
      .where(and(eq(resources.accountId, account.id), eq(resources.cloudResourceId, row.cloudResourceId)))
  const resource = await w.resource(account, row)
  await w.spend(resource, byDay(costs))
  await measure(w, resource, metrics)
  await use(w, resource, used)
  return resource
}

/** Puts another thing into the account, in place of the one of the same id. */
async function put(w: World, { id: accountId, ...account }: Account, thing: Beside): Promise<void> {
  if (thing.kind === undefined) return void (await putResource(w, { id: accountId, ...account }, thing))
  const seen = { firstSeenAt: daysAgo(200), lastSeenAt: now, cloudCreatedAt: daysAgo(200) }
  const row = { orgId: w.org.id, accountId, name: thing.cloudId, ...seen, ...thing }
  await w.database.db
    .insert(inventory)
    .values(row)
    .onConflictDoUpdate({ target: [inventory.accountId, inventory.kind, inventory.cloudId], set: row })
}

/** Writes usage of a resource; a line is about its whole day unless it says otherwise. */
async function use(w: World, { orgId, accountId, id, region }: Resource, lines: Used[]): Promise<void> {
  for (const { ago, ...line } of lines) {
    const day = addDays(dayOf(now), -ago)
    const start = new Date(`${day}T00:00:00Z`)
    const amounts = { quantity: '24', billed: '1', effective: '1', list: '1', lines: 1 }
    const base = { orgId, accountId, resourceId: id, day, period: `${day.slice(0, 7)}-01`, region }
    const span = { startsAt: start, endsAt: new Date(start.getTime() + dayMs) }
    await w.database.sql`select ensure_months('usage', ${day}::date, ${day}::date)`
    await w.database.db
      .insert(usage)
      .values({ ...base, ...span, ...amounts, kind: 'compute', item: 'Usage', unit: 'Hrs', term: 'OnDemand', ...line })
  }
}

const byDay = (costs: Record<number, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(costs).map(([ago, cost]) => [addDays(dayOf(now), -Number(ago)), cost]))

/** Writes monitoring points of a resource. */
export async function measure(w: World, { orgId, accountId, id }: Resource, stretches: Stretch[]): Promise<void> {
  const points = stretches.flatMap(({ metric, from, to, value }) =>
    Array.from({ length: Math.floor((to.getTime() - from.getTime()) / (hourMs / 4)) }, (_, n) => ({
      ...{ orgId, accountId, resourceId: id, metric, value },
      at: new Date(from.getTime() + (n + 1) * (hourMs / 4)),
    })),
  )
  await insertMetricPoints(w.database.db, points)
}

async function change(w: World, resource: Resource, { becomes, metrics, costs, used }: Ends): Promise<void> {
  const { db } = w.database
  if (used) {
    await db.execute(sql`delete from usage where resource_id = ${resource.id}`)
    await use(w, resource, used)
  }
  if (metrics) {
    await db.execute(sql`delete from metric_points where resource_id = ${resource.id}`)
    await measure(w, resource, metrics)
  }
  if (costs) {
    await db.execute(sql`delete from expenses where resource_id = ${resource.id}`)
    await w.spend(resource, byDay(costs))
  }
  if (becomes === 'gone') await db.delete(resources).where(eq(resources.id, resource.id))
  else if (Object.keys(becomes).length) await db.update(resources).set(becomes).where(eq(resources.id, resource.id))
}

async function run(
  w: World,
  one: Recommendation,
  it: { check: Check; options?: Record<string, unknown> | undefined; before?: Record<string, unknown> | undefined },
): Promise<void> {
  const options = cleanOptions(one, it.options ?? {})
  const before = cleanOptions(one, it.before ?? it.options ?? {})
  await w.database.db.transaction((tx) => settle(tx, { one, check: it.check, options, before }))
}

const found = (w: World, one: Recommendation, check: Check): Promise<Finding[]> =>
  w.database.db
    .select()
    .from(findings)
    .where(and(eq(findings.recommendation, one.id), eq(findings.accountId, check.accountId)))

const archived = (w: World, one: Recommendation, check: Check) =>
  w.database.db
    .select()
    .from(archivedFindings)
    .where(and(eq(archivedFindings.recommendation, one.id), eq(archivedFindings.accountId, check.accountId)))
