/** A member presses what only others may press: every changing button of the catalog, also those of tomorrow (IC-6). */
import { beforeAll, describe, expect, it } from 'vitest'
import { insertCleanUp } from '../../db/queries/clean-ups.ts'
import { upsertJoinRequest } from '../../db/queries/join-requests.ts'
import { actions } from '../../bot/actions/catalog.ts'
import { bookEnvironment } from '../../engine/environments/bookings.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { hourMs } from '../../engine/time.ts'
import { finops, labels, max, slackWorld, team, tom, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
/** Priya's, by kind of subject. */
let priyas: Record<string, string>

beforeAll(async () => {
  w = await slackWorld()
  await w.colleague(max, 'Max', 'member')
  const resource = await w.resource(await w.account(), { ownerId: w.priya.id })
  const [finding] = await w.database.sql`insert into findings
    (org_id, recommendation, account_id, resource_id, key, saving, evidence, detected_at, checked_at) values
    (${w.org.id}, 'obsolete_ips', ${resource.accountId}, ${resource.id}, 'k', 5, '{}', '2026-11-23', '2026-11-23') returning id`
  const { id: environmentId } = await createEnvironment(w.as(), { name: 'stage-1' })
  const [startsAt, endsAt] = [w.clock.now(), new Date(w.clock.now().getTime() + hourMs)]
  const booking = await bookEnvironment(w.as(w.priya), { environmentId, startsAt, endsAt })
  const items = [
    {
      ...{ findingId: finding!['id'] as string, recommendation: 'obsolete_ips', accountId: resource.accountId },
      ...{ resourceId: resource.id, key: 'k', name: 'k', saving: '5', poolId: resource.poolId, byHand: true },
      outcome: null,
    },
  ]
  const request = { requestedAt: w.clock.now(), expiresAt: new Date(w.clock.now().getTime() + hourMs) }
  const cleanUp = await insertCleanUp(w.database.db, {
    ...{
      orgId: w.org.id,
      personId: w.priya.id,
      state: 'waiting_approval',
      items,
      createdAt: w.clock.now(),
      ...request,
    },
  })
  const join = await upsertJoinRequest(w.database.db, {
    ...{ orgId: w.org.id, teamId: team, slackUserId: tom, name: 'Tom', askedAt: w.clock.now() },
  })
  priyas = {
    clean_up: cleanUp.id,
    resource: resource.id,
    finding: String(finding!['id']),
    booking: booking.id,
    join_request: join.id,
  }
})

/** The arguments a button would have; most take days or minutes. */
const argument: Record<string, string> = { 'assign-to': 'me', 'let-in': 'engineer' }
/** What anybody may: booking is for everybody who is in. */
const open = new Set(['book'])
const guarded = actions.filter(({ verb, effect, on, run }) => effect !== 'none' && on && run && !open.has(verb))

describe('a member who presses a manager’s button', () => {
  it('meets every changing button there is', () => {
    expect(guarded.length).toBeGreaterThan(7)
  })

  it.each(guarded.map(({ verb, on }) => [verb, on!] as const))(
    '%s is refused with who can and what next',
    async (verb, on) => {
      const before = await w.database.sql`select count(*)::int from events`
      w.slack.forgetCalls()
      await w.slack.deliver('interactive', {
        ...{ type: 'block_actions', user: { id: max }, team: { id: team }, trigger_id: w.slack.trigger(max) },
        ...{ channel: { id: finops }, container: { channel_id: finops, message_ts: '1.1', is_ephemeral: true } },
        response_url: w.slack.responseUrl({ user: max, channel: finops }),
        actions: [
          {
            type: 'button',
            action_id: 'x',
            block_id: 'x~1',
            value: `v1|${verb}|${priyas[on]}|0|${argument[verb] ?? '1'}`,
            action_ts: '1',
          },
        ],
      })
      await w.settled()
      const refusal = w.last(max)
      expect(refusal.text).toMatch(/^You .*(Nothing was|Nobody was).*\. Ask .*(Priya|Lea)/)
      expect(words(refusal)).toMatch(/Your role: Member · Who can: /)
      expect(labels(refusal)[0]).toMatch(/^Ask (Priya|Lea)$/)
      expect(await w.database.sql`select count(*)::int from events`).toEqual(before)
      expect(w.slack.calls('users.info')).toEqual([])
    },
  )
})
