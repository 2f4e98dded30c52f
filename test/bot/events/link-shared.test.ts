import { beforeAll, describe, expect, it } from 'vitest'
import { environments } from '../../../db/schema/environments.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import { hourMs } from '../../../engine/time.ts'
import { neighbours } from '../../other-organization.ts'
import { finops, lea, slackWorld, tom, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})

const address = (path: string) => `https://finops.example.com${path}`

/** Shares a link and answers what appears below it for everybody, or null. */
async function share(path: string, user = lea): Promise<string | null> {
  const { message } = await w.slack.linkShared({ user, channel: finops, url: address(path) })
  await w.settled()
  const [unfurled] = w.slack.message(finops, message.ts)?.attachments ?? []
  return unfurled ? words({ blocks: unfurled['blocks'] as never }) : null
}

describe('a pasted link', () => {
  it('to a resource shows its name and owner, and no cost', async () => {
    const made = await w.resource(await w.account(), {
      name: 'load <!channel> db',
      type: 'Volume',
      ownerId: w.priya.id,
    })
    await w.spend(made, { '2026-11-20': 77 })
    const seen = await share(`/resources/${made.id}`)
    expect(seen).toBe('*load &lt;!channel&gt; db* · Volume · eu-west-1 · owned by Priya')
  })

  it('to a pool shows whether it is inside its limit, and no amount', async () => {
    const pool = await w.pool('Payments', { monthlyLimit: '10' })
    await w.spend(await w.resource(await w.account(), { poolId: pool.id }), { '2026-11-20': 77 })
    expect(await share(`/pools/${pool.id}`)).toBe('*Payments* · pool · over its limit')
    expect(await share(`/pools/${w.root.id}`)).toMatch(/· pool · no limit$/)
  })

  it('to an environment shows who holds it', async () => {
    const [stage] = await w.deps.db
      .insert(environments)
      .values({ orgId: w.org.id, poolId: w.root.id, name: 'stage-1' })
      .returning()
    expect(await share(`/environments/${stage!.id}`)).toBe('*stage-1* · environment · free now')
    const startsAt = w.clock.now()
    await bookEnvironment(w.as(w.priya), {
      environmentId: stage!.id,
      startsAt,
      endsAt: new Date(startsAt.getTime() + hourMs),
    })
    expect(await share(`/environments/${stage!.id}`)).toMatch(/^\*stage-1\* · environment · held by Priya until /)
  })

  it('to the savings counts them, for whoever may see them', async () => {
    expect(await share('/savings')).toBe('*Savings* · no open recommendations')
    const former = await w.colleague('U0MAX', 'Max')
    expect(await share('/savings', 'U0MAX')).toBe('*Savings* · no open recommendations')
    await w.database.sql`delete from memberships where person_id = ${former.id}`
    expect(await share('/savings', 'U0MAX')).toBeNull()
  })

  it('to another page, another site or nothing at all stays as it is', async () => {
    expect(await share('/spend')).toBeNull()
    expect(await share('/resources/not-an-id')).toBeNull()
    expect(await share('/resources/00000000-0000-4000-8000-000000000000')).toBeNull()
    expect(await share(`/pools/${w.root.id}/edit`)).toBeNull()
    expect(await share('.evil.example/savings')).toBeNull()
  })
})

describe('nothing is shown', () => {
  it('of another organization', async () => {
    const other = await neighbours(w)
    expect(await share(`/pools/${other.pool.id}`)).toBeNull()
    expect(await share(`/resources/${other.resource.id}`)).toBeNull()
  })

  it('when somebody shares whom nobody knows', async () => {
    expect(await share(`/pools/${w.root.id}`, tom)).toBeNull()
  })

  it('where another company reads along', async () => {
    w.slack.forgetCalls()
    const links = [{ domain: 'finops.example.com', url: address('/savings') }]
    const shared = { type: 'link_shared', user: lea, channel: finops, message_ts: '1.2', links }
    const { message } = await w.slack.say({ user: lea, channel: finops, text: 'hello' })
    await w.slack.deliver('event', {
      ...{ type: 'event_callback', team_id: 'T0ACME', api_app_id: w.slack.app.appId, event_id: 'EvShared' },
      ...{ event_time: 1, is_ext_shared_channel: true, event: { ...shared, message_ts: message.ts } },
    })
    await w.settled()
    expect(w.slack.calls('chat.unfurl')).toEqual([])
  })
})
