/** The archive on the web: what ended, why, and its files. */
import { beforeAll, describe, expect, it } from 'vitest'
import { archivedFindings } from '../../db/schema/recommendations.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let lea: Visitor
let address: Resource
beforeAll(async () => {
  w = await world()
  const account = await w.account('aws', { name: 'Production' })
  address = await w.resource(account, { name: '=cmd <b>', type: 'IP Address' })
  const base = {
    ...{ orgId: w.org.id, accountId: account.id, evidence: { cost_not_active_ip: '0.12' } },
    detectedAt: new Date('2026-11-01T00:00:00Z'),
  }
  await w.deps.db.insert(archivedFindings).values([
    ...Array.from({ length: 60 }, (_, n) => ({
      ...{ ...base, recommendation: 'obsolete_ips', key: `ip-${n}`, resourceId: n ? null : address.id, saving: '3.6' },
      ...{ reason: 'recommendation_applied' as const, archivedAt: new Date('2026-11-22T09:00:00Z') },
    })),
    {
      ...{ ...base, recommendation: 'inactive_users', key: 'old-deploy', saving: null, evidence: {} },
      ...{ reason: 'resource_deleted' as const, archivedAt: new Date('2026-08-01T09:00:00Z') },
    },
  ])
  lea = await visitor(w)
})

describe('the archive', () => {
  it('shows what ended in the last 30 days with reason and saving, page after page', async () => {
    const { text } = await lea.get('/savings/archive')
    expect(text).toContain('60 findings that ended')
    expect(text).toContain('It was done as recommended.')
    // 60 times 3.60.
    expect(text).toContain('$216')
    expect(text).not.toContain('old-deploy')
    const next = text.match(/href="([^"]*)">Next page/)![1]!.replaceAll('&amp;', '&')
    const second = (await lea.get(next)).text
    const named = [text, second].flatMap((page) => [...page.matchAll(/\bip-\d+\b/g)].map(([name]) => name))
    expect(new Set([...named]).size).toBe(59)
    expect(text + second).toContain(`href="/resources/${address.id}"`)
  })

  it('narrows by time, recommendation and reason', async () => {
    const all = (await lea.get('/savings/archive?range=all&reason=resource_deleted')).text
    expect(all).toContain('old-deploy')
    expect(all).not.toContain('ip-1')
    expect((await lea.get('/savings/archive?recommendation=inactive_users')).text).toContain('Nothing ended then')
    expect((await lea.get('/savings/archive?range=nonsense&after=x')).status).toBe(200)
  })

  it('stands on the cards and on the page of its recommendation', async () => {
    for (const path of ['/savings', '/savings/obsolete_ips']) {
      const { text } = await lea.get(path)
      expect(text.replaceAll(/<[^>]*>|\s+/g, ' ').replaceAll(/ +/g, ' ')).toMatch(
        /60 ended in the last 30 days ?: 60 done/,
      )
      expect(text).toContain('/savings/archive?recommendation=obsolete_ips')
    }
  })

  it('is downloaded whole, a name that is a formula made harmless', async () => {
    const csv = await lea.get('/files/archive/ended.csv?range=all')
    const lines = csv.text.trimEnd().split('\r\n')
    expect(lines).toHaveLength(62)
    expect(lines[0]).toMatch(/^recommendation,title,reason,why,resource_name/)
    expect(csv.text).toContain("'=cmd <b>")
    const json = await lea.get('/files/archive/ended.json?recommendation=inactive_users&range=all')
    expect(JSON.parse(json.text)).toMatchObject([
      { recommendation: 'inactive_users', reason: 'resource_deleted', key: 'old-deploy', saving: null, evidence: {} },
    ])
    expect(JSON.parse((await lea.get('/files/archive/ended.json?range=today')).text)).toEqual([])
    expect((await lea.get('/files/archive/other.csv')).status).toBe(404)
  })
})

describe('the savings page while a check runs', () => {
  it('leaves what is typed into its form, and can be looked at again', async () => {
    await w.database.sql`insert into check_schedules (org_id, next_run_at, running)
      values (${w.org.id}, now(), gen_random_uuid())`
    const { text } = await lea.get('/savings?show=cost')
    expect(text).toContain('name="over"')
    expect(text).not.toContain('http-equiv="refresh"')
    expect(text).toContain('href="/savings?show=cost">Look again</a>')
    await w.database.sql`update check_schedules set running = null`
    expect((await lea.get('/savings')).text).not.toContain('Look again')
  })
})
