/**
 * Another organization's ids in everything a click and a dialog can carry: every action and every dialog of the catalogs,
 * also those of tomorrow. A manager here forges them; nothing there changes and nothing of it is shown.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { actions } from '../../bot/actions/catalog.ts'
import { modals } from '../../bot/modals/catalog.ts'
import type { AnyModal } from '../../bot/modals/modal.ts'
import { neighbours } from '../other-organization.ts'
import { finops, lea, slackWorld, team, type Json, type SlackWorld } from './slack-world.ts'

/** Lea under many names: one Slack user may not ask more than 60 times a minute. */
const forgers = Array.from({ length: 60 }, (_, n) => `U0FORGER${n}`)
let turn = 0
const forger = () => forgers[(turn += 1) % forgers.length]!

let w: SlackWorld
let orgId: string
/** Theirs, by kind of subject. */
let theirs: Record<string, string>
/** Ours, by kind of subject: a right subject with a foreign argument. */
let ours: Record<string, string>

beforeAll(async () => {
  w = await slackWorld()
  for (const user of forgers) await w.link(user, w.lea)
  const there = await neighbours(w, ['2026-11-21', '2026-11-22'])
  orgId = there.orgId
  theirs = await things({ orgId, pool: there.pool.id, resource: there.resource.id, name: 'secret' })
  const own = await w.resource(await w.account())
  ours = await things({ orgId: w.org.id, pool: (await w.pool('Payments')).id, resource: own.id, name: 'own' })
})
beforeEach(() => w.slack.forgetCalls())

/** One of each kind in an organization, called `<name>-…`. */
async function things(of: {
  orgId: string
  pool: string
  resource: string
  name: string
}): Promise<Record<string, string>> {
  const { sql } = w.database
  const { orgId: org, pool, resource, name } = of
  await sql`update pools set name = ${`${name}-pool`} where id = ${pool}`
  const [person] = await sql`insert into people (org_id, name) values (${org}, ${`${name}-person`}) returning id`
  await sql`insert into memberships (org_id, person_id, role) values (${org}, ${person!['id']}, 'manager')`
  const [owner] = await sql<{ account_id: string }[]>`select account_id from resources where id = ${resource}`
  const account = owner!.account_id
  const [environment] =
    await sql`insert into environments (org_id, name, pool_id) values (${org}, ${`${name}-stage`}, ${pool}) returning id`
  const [booking] =
    await sql`insert into bookings (org_id, environment_id, person_id, starts_at, ends_at, planned_ends_at, state) values
    (${org}, ${environment!['id']}, ${person!['id']}, '2026-11-23T09:00Z', '2026-11-23T12:00Z', '2026-11-23T12:00Z', 'active') returning id`
  const [finding] =
    await sql`insert into findings (org_id, recommendation, account_id, resource_id, key, saving, evidence, detected_at, checked_at)
    values (${org}, 'obsolete_ips', ${account}, ${resource}, ${`${name}-key`}, 5, '{}', '2026-11-23', '2026-11-23') returning id`
  const [cleanUp] =
    await sql`insert into clean_ups (org_id, person_id, state, items, sha256, created_at, requested_at, expires_at)
    values (${org}, ${person!['id']}, 'waiting_approval', ${JSON.stringify([{ findingId: finding!['id'], recommendation: 'obsolete_ips', accountId: account, resourceId: resource, key: `${name}-key`, name: `${name}-key`, saving: '5', poolId: pool, byHand: true, outcome: null }])}::text::jsonb, ${'f'.repeat(64)}, '2026-11-23', '2026-11-23', '2026-11-30') returning id`
  const [receipt] =
    await sql`insert into slack_receipts (org_id, subject_kind, subject_id, rev, verb, person_id, settled_at, undo)
    values (${org}, 'booking', ${booking!['id']}, 1, 'book', ${person!['id']}, '2026-11-23T09:59Z', ${JSON.stringify({ verb: 'book', kept: { bookingId: booking!['id'] } })}) returning id`
  const [duplicates] =
    await sql`insert into duplicate_checks (org_id, min_bytes, state, buckets, created_at, updated_at)
    values (${org}, 1, 'queued', 1, now(), now()) returning id`
  await sql`insert into duplicate_buckets (check_id, n, account_id, resource_id, name, region)
    values (${duplicates!['id']}, 1, ${account}, ${resource}, ${`${name}-bucket`}, '')`
  const question = `q-${name}`
  await sql`insert into slack_questions (id, org_id, canonical, at) values (${question}, ${org}, ${`env ${name}-stage 1h`}, now())`
  const ids = {
    pool,
    resource,
    account,
    question,
    person,
    environment,
    booking,
    finding,
    receipt,
    duplicates,
    clean_up: cleanUp,
  }
  return Object.fromEntries(
    Object.entries(ids).map(([kind, made]) => [kind, typeof made === 'string' ? made : String(made!['id'])]),
  )
}

/** Every row of an organization, as text. */
async function rowsOf(org: string): Promise<string> {
  const { sql } = w.database
  const tables =
    await sql`select c.table_name as name from information_schema.columns c join information_schema.tables t
    using (table_schema, table_name) where c.column_name = 'org_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'
    order by 1`
  const rows = []
  for (const { name } of tables)
    rows.push([name, await sql`select * from ${sql(String(name))} where org_id = ${org} order by 1, 2, 3`])
  return JSON.stringify(rows)
}

const click = (value: string) => ({ type: 'button', action_id: 'x', block_id: 'x~1', value, action_ts: '1' })

/** Clicks with these values, on a message or in a dialog; each forger has one of ours open then, as people do. */
async function forge(values: string[], view?: Json): Promise<void> {
  const users = values.map(() => forger())
  if (view) {
    for (const user of users) await deliver(user, `v1|set-limit|${ours['resource']}|1|`)
    await w.settled()
  }
  for (const [n, user] of users.entries()) await deliver(user, values[n]!, view)
  await w.settled()
}

async function deliver(user: string, value: string, view?: Json): Promise<void> {
  await w.slack.deliver('interactive', {
    ...{ type: 'block_actions', user: { id: user }, team: { id: team }, trigger_id: w.slack.trigger(user) },
    ...(view
      ? { view, container: { type: 'view' } }
      : {
          channel: { id: finops },
          container: { type: 'message', channel_id: finops, message_ts: '1.1', is_ephemeral: true },
        }),
    response_url: w.slack.responseUrl({ user, channel: finops }),
    actions: [click(value)],
  })
}

/** Nothing there changed, nothing here points there, nothing of it was shown. */
async function untouched(act: () => Promise<void>): Promise<void> {
  const before = await rowsOf(orgId)
  const texts: string[] = []
  const stop = w.slack.subscribe((change) => {
    if (change.kind === 'message') texts.push(JSON.stringify(change.message))
  })
  await act()
  await w.work()
  await w.settled()
  stop()
  expect((await rowsOf(orgId)) === before).toBe(true)
  const shown = [...texts, ...w.slack.calls().map(({ args }) => JSON.stringify(args))]
  expect(shown.filter((text) => text.includes('secret-'))).toEqual([])
  expect(shown.filter((text) => text.includes('could not finish'))).toEqual([])
  const kept = await w.database.sql`select pool_id, owner_id from resources where org_id = ${w.org.id}`
  expect(Object.values(theirs).filter((id) => JSON.stringify(kept).includes(id))).toEqual([])
}

/** Foreign ids of every sort, for actions without a kind of subject. */
const anything = () => ['question', 'finding', 'receipt', 'booking', 'pool'].map((kind) => theirs[kind]!)

/** Foreign ids as arguments, in every form an argument has. */
const argumentsOf = () => [
  ...['', '60', 'do', 'dismiss', theirs['question']!],
  ...[`pool:${theirs['pool']}`, `owner:${theirs['person']}`, `|${theirs['pool']}|${theirs['person']}||`],
]

describe('a click with an id of another organization', () => {
  it.each(actions.map((action) => [action.verb, action] as const))(
    '%s changes and shows nothing of it',
    async (verb, { on }) => {
      const ids = on && theirs[on] ? [theirs[on], ours[on]!] : anything()
      const values = ids.flatMap((id) => argumentsOf().map((arg) => `v1|${verb}|${id}|1|${arg}`))
      await untouched(() => forge(values))
    },
  )

  it.each(actions.map(({ verb }) => [verb] as const))('%s inside a dialog neither', async (verb) => {
    const values = anything().map((id) => `v1|${verb}|${id}|1|do`)
    await untouched(() => forge(values, viewOf('review-recommendations')))
  })

  it.each(actions.map(({ verb }) => [verb] as const))(
    '%s says so in a sentence for what is no id at all',
    async (verb) => {
      await untouched(() => forge([`v1|${verb}|nonsense|1|`, `v1|${verb}|' or 1=1 --|1|x`]))
    },
  )
})

/** What a dialog carries, with foreign ids wherever one can be. */
function viewOf(name: string, values: Json = {}): Json {
  const { resource, pool, environment, finding, person, account } = theirs
  const facts = {
    ...{ resourceId: resource, poolId: pool, environmentId: environment, ownerId: person, accountId: account },
    ...{ chosen: finding, last: `dismiss ${finding}`, recommendation: 'obsolete_ips', decided: '1' },
  }
  return {
    ...{ id: 'V0FORGED', hash: '1', type: 'modal', callback_id: name, blocks: [] },
    ...{ private_metadata: JSON.stringify({ facts, channel: finops }), state: { values } },
  }
}

/** A value each field takes, with a foreign id where it takes text. */
function entries(modal: AnyModal, text: string): Json {
  const soon = new Date('2026-11-23T14:00:00Z')
  const candidates = [text, 5, soon, true, '60', '120', 'day', 'other']
  return Object.fromEntries(
    Object.entries(modal.fields.shape).map(([field, type]) => {
      const fits = candidates.find((one) => type.safeParse(one).success) ?? text
      const entered = {
        value: typeof fits === 'number' ? String(fits) : text,
        ...{ selected_option: { value: fits }, selected_options: [{ value: 'yes' }] },
        ...{ selected_date_time: soon.getTime() / 1000, selected_user: lea, selected_conversation: finops },
      }
      return [field, { [field]: entered }]
    }),
  )
}

describe('a dialog that carries ids of another organization', () => {
  it.each(modals.map((modal) => [modal.name, modal] as const))(
    '%s changes and shows nothing of it',
    async (name, modal) => {
      await untouched(async () => {
        for (const text of ['5', theirs['pool']!, theirs['environment']!]) {
          await w.slack.deliver('interactive', {
            ...{ type: 'view_submission', user: { id: lea }, team: { id: team }, trigger_id: w.slack.trigger(lea) },
            view: viewOf(name, entries(modal, text)),
          })
          await w.settled()
        }
        await forge(['v1|fill-field|any|0|x'], viewOf(name))
      })
    },
  )

  it('suggests nothing of it in any field', async () => {
    for (const { name } of modals) {
      const { body } = await w.slack.deliver('interactive', {
        ...{
          type: 'block_suggestion',
          user: { id: forger() },
          team: { id: team },
          action_id: 'what',
          block_id: 'what',
        },
        ...{ value: 'secret', view: viewOf(name) },
      })
      expect(JSON.stringify(body ?? '')).not.toContain('secret-')
    }
  })
})
