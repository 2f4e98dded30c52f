/** Findings that are no resource, and several of one resource, as Slack shows them. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { findings } from '../../db/schema/recommendations.ts'
import { lea, labels, slackWorld, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let account: Account
beforeAll(async () => {
  w = await slackWorld()
})
beforeEach(async () => {
  await w.database.sql`truncate findings, dismissals, check_results, check_schedules, resources, accounts cascade`
  account = await w.account('aws', { name: 'AWS prod' })
})

const put = (recommendation: string, more: { key: string; resourceId?: string; saving?: string; evidence: object }) =>
  w.database.db.insert(findings).values({
    ...{ orgId: w.org.id, recommendation, accountId: account.id, detectedAt: w.clock.now(), checkedAt: w.clock.now() },
    ...{ saving: null, ...more, evidence: more.evidence as Record<string, unknown> },
  })

const group = (id: string, port: number) => ({
  ...{ security_group_id: id, security_group_name: `group ${id}` },
  insecure_ports: [{ port, protocol: 'tcp' }],
})
const menuOf = (message: { blocks?: Record<string, unknown>[] }) => JSON.stringify(message.blocks)

describe('findings of every kind', () => {
  it('lists the groups of one instance apart, with the ports in words, and offers no dismissal', async () => {
    const { id: resourceId } = await w.resource(account, { type: 'Instance', name: 'web-1' })
    await put('insecure_security_groups', { key: 'i-1 sg-1', resourceId, evidence: group('sg-1', 22) })
    await put('insecure_security_groups', { key: 'i-1 sg-2', resourceId, evidence: group('sg-2', 3389) })
    const seen = await w.type('recs security groups')
    expect(seen.text).toBe('2 findings: Instances with insecure security groups.')
    expect(words(seen)).toContain('Open to everybody: 22/tcp (SSH)')
    expect(words(seen)).toContain('Open to everybody: 3389/tcp (RDP)')
    expect(words(seen)).not.toMatch(/\$0|object Object/)
    expect(menuOf(seen)).toContain('Snooze 7 Days')
    expect(menuOf(seen)).not.toContain('Dismiss')
    expect(labels(seen)).not.toContain('Get Script')
    const card = await w.type('resource web-1')
    expect(words(card)).toContain('2 recommendations')
    expect(words(card)).not.toContain('$0 a month')
  })

  it('reviews an image by its name and its snapshots, linked to its own page', async () => {
    await put('obsolete_images', {
      key: 'ami-1',
      saving: '4',
      evidence: {
        ...{
          cloud_resource_id: 'ami-1',
          name: 'base-2024',
          region: 'eu-west-1',
          first_seen: 1_790_000_000,
          last_used: 0,
        },
        snapshots: [{ cloud_resource_id: 'snap-1', resource_id: 'r', cost: '4' }],
      },
    })
    await w.press(await w.type('recs'), 'Review')
    const shown = words(w.slack.view(lea)!)
    expect(shown).toMatch(/\/findings\/[\w-]+\|base-2024>/)
    expect(shown).toContain('*Snapshots*\nsnap-1 ($4 a month)')
    expect(shown).toContain('*Last used*\nnever')
    expect(menuOf(w.slack.view(lea)!)).not.toContain('"Dismiss"')
    await w.slack.closeView({ user: lea })
  })

  it('offers the script only where there is one for the cloud of the findings', async () => {
    const { id } = await w.resource(account, { type: 'Instance', name: 'stopped' })
    const evidence = { cost_in_stopped_state: '3', last_seen_in_running_state: 0 }
    await put('instances_in_stopped_state_for_a_long_time', { key: 'i-2', resourceId: id, saving: '9', evidence })
    expect(labels(await w.type('recs'))).not.toContain('Get Script')
    await put('inactive_users', {
      key: 'AIDA1',
      evidence: {
        cloud_resource_id: 'AIDA1',
        name: 'bob',
        region: '',
        user_id: 'AIDA1',
        user_name: 'bob',
        last_used: 0,
      },
    })
    expect(labels(await w.type('recs inactive_users'))).toContain('Get Script')
  })
})
