import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { findings } from '../../db/schema/recommendations.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let lea: Visitor
let account: Account
const ids: Record<string, string> = {}

beforeAll(async () => {
  w = await world()
  lea = await visitor(w)
  account = await w.account('aws', { name: 'AWS prod' })
  const resource = await w.resource(account, { type: 'Instance', name: 'web-1' })
  const image = {
    ...{ cloud_resource_id: 'ami-1', name: 'base-2024', region: 'eu-west-1', first_seen: 1_790_000_000, last_used: 0 },
    snapshots: [{ cloud_resource_id: 'snap-1', resource_id: resource.id, cost: '4' }],
  }
  const group = {
    ...{ security_group_id: 'sg-1', security_group_name: 'open' },
    insecure_ports: [{ port: 22, protocol: 'tcp' }],
  }
  await put('obsolete_images', { key: 'ami-1', saving: '4', evidence: image })
  await put('insecure_security_groups', { key: 'i-1 sg-1', resourceId: resource.id, evidence: group })
  await put('abandoned_instances', {
    key: 'i-1',
    resourceId: resource.id,
    saving: '40',
    evidence: { cpu: 1, network: 2 },
  })
})

async function put(
  recommendation: string,
  more: { key: string; resourceId?: string; saving?: string; evidence: object },
) {
  const [row] = await w.database.db
    .insert(findings)
    .values({
      ...{
        orgId: w.org.id,
        recommendation,
        accountId: account.id,
        detectedAt: w.clock.now(),
        checkedAt: w.clock.now(),
      },
      ...{ saving: null, ...more, evidence: more.evidence as Record<string, unknown> },
    })
    .returning()
  ids[recommendation] = row!.id
}

describe('a finding', () => {
  it('without a resource has a page of its own with everything in words, and no dismissal', async () => {
    const list = await lea.get('/savings/obsolete_images')
    expect(list.text).toContain(`<a href="/findings/${ids['obsolete_images']}">base-2024</a>`)
    const page = await lea.get(`/findings/${ids['obsolete_images']}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('snap-1 ($4 a month)')
    expect(page.text).toContain('never')
    expect(page.text).not.toContain('[object Object]')
    expect(page.text).toContain('/snooze')
    expect(page.text).not.toContain('/dismiss')
  })

  it('of a resource can be dismissed on its page, where the kind allows it', async () => {
    const id = ids['abandoned_instances']!
    expect((await lea.get(`/findings/${id}`)).text).toContain(`/findings/${id}/dismiss?from=finding`)
    await lea.post(`/findings/${id}/dismiss?from=finding`, { reason: 'Needed' })
    expect((await lea.get(`/findings/${id}`)).text).toContain('Bring back')
  })

  it('comes as words in the table file and as it is in the json file', async () => {
    const csv = await lea.get('/files/savings/insecure_security_groups/findings.csv')
    expect(csv.text).toContain('22/tcp (SSH)')
    const json = await lea.get('/files/savings/insecure_security_groups/findings.json')
    expect(JSON.parse(json.text)[0].insecure_ports).toEqual([{ port: 22, protocol: 'tcp' }])
  })

  it('is offered no script where none exists for its cloud', async () => {
    expect((await lea.get('/savings/insecure_security_groups')).text).not.toContain('/script"')
    expect((await lea.get('/savings/obsolete_images')).text).toContain('/script"')
  })
})

describe('the settings of a recommendation', () => {
  it('take ports one a line, show their names, and refuse what is none on its field', async () => {
    const path = '/savings/insecure_security_groups'
    expect((await lea.get(path)).text).toContain('22/tcp (SSH)\n3389/tcp (RDP)')
    await lea.submit(`${path}/options`, { insecure_ports: '22/tcp (SSH)\n5432/TCP' })
    expect((await lea.get(path)).text).toContain('22/tcp (SSH)\n5432/tcp (PostgreSQL)')
    const refused = await lea.submit(`${path}/options`, { insecure_ports: '22/icmp' })
    expect(refused.text).toContain('is no port: write one a line like 22/tcp')
    expect((await lea.get('/savings/rightsizing_rds')).text).toContain('>99th percentile<')
  })
})
