/** What nobody types by accident: no address and no form answers it with an incident. */
import { beforeAll, expect, it } from 'vitest'
import { world, type World } from '../world.ts'
import { company, type Company } from './company.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let c: Company
let lea: Visitor
beforeAll(async () => {
  w = await world()
  c = await company(w)
  lea = await visitor(w)
})

it('in addresses', async () => {
  const account = c.accounts[0]!.id
  const asked = [
    ...['/pools/%00', '/resources/%00', '/people/%00', '/files/savings/%00/findings.csv', '/savings/constructor'],
    ...[
      '/resources?q=%00',
      '/resources?tag=%00=1',
      '/resources?type=%00',
      '/duplicates?q=%00',
      '/spend?service=%00',
      '/spend?by=tag:%00',
      '/events?kind=pool&id=%00',
      '/rules?q=%00',
      '/rules/new?resource=%00',
      '/power?finding=%00',
    ],
    ...[
      '/savings?show=constructor',
      '/savings?show=__proto__',
      '/spend?by=constructor',
      '/spend?by=toString',
      '/files/spend.csv?by=constructor',
      '/spend?by=tag:constructor',
    ],
    ...[
      '/duplicates?before=%2B275760-09-13T00:00:00.000Z',
      '/duplicates?before=-000001-01-01T00:00:00Z',
      `/accounts/${account}?before=%2B275760-09-13T00:00:00.000Z`,
    ],
    ...['/environments?week=9999-12-31', '/environments?week=0000-01-01', '/environments?week=0001-01-01'],
    ...[
      '/spend?from=0000-01-01',
      '/spend?from=0001-01-01&to=0001-01-02',
      '/spend?from=9999-12-31&to=9999-12-31',
      '/spend?from=2026-11-20&to=2026-11-01',
      '/coverage?from=0000-01-01',
      '/coverage?from=2026-11-20&to=2026-11-01',
      '/coverage?from=9999-12-31&to=9999-12-31',
      '/savings/archive?from=0000-01-01',
      '/savings/archive?from=9999-12-31&to=9999-12-31',
    ],
    ...['/resources?after=1~------------------------------------', `/resources?after=${'9'.repeat(3000)}~${account}`],
    ...[
      `/environments/${c.environments[0]!.id}?day=9999-12-31&start=10:00&end=09:00`,
      `/environments/${c.environments[0]!.id}?day=0000-01-01&start=10:00&end=11:00`,
      '/findings/constructor',
      '/duplicates/x/objects.csv?bucket=999&with=999',
    ],
  ]
  const bad: string[] = []
  for (const path of asked) {
    const { status } = await lea.get(path)
    if (status >= 500) bad.push(`${status} ${path.slice(0, 100)}`)
  }
  expect(bad).toEqual([])
}, 300_000)

it('in forms', async () => {
  const resource = `/resources/${c.resources[0]!.id}`
  const pool = `/pools/${c.pools['Shop']!.id}`
  const environment = c.environments[0]!.id
  const [booking] = await w.database.sql`select id from bookings limit 1`
  const [finding] = await w.database.sql`select id from findings limit 1`
  const asked: [string, Record<string, string>][] = [
    [`${resource}/ttl`, { until: '2026-13-45T25:61' }],
    [`${resource}/ttl`, { until: '9999-12-31T23:59' }],
    [`${resource}/power-exceptions`, { skip: 'abcTdef' }],
    [`${resource}/power-exceptions`, { keep: '2026-02-31T10:00' }],
    [`${resource}/power`, { action: 'on', hours: '1e99' }],
    [`${resource}/power`, { action: 'on', hours: '-3' }],
    [`${resource}/limit`, { limit: 'x' }],
    [`${resource}/limit`, { limit: '1e300' }],
    [`${resource}/assign`, { pool: '\0', owner: '\0' }],
    [`${pool}/change`, { name: 'a\0b', purpose: 'team', owner: '' }],
    [`${pool}/limit`, { monthlyLimit: '1e300' }],
    [`${pool}/policies`, { type: 'constructor', limit: '1' }],
    [`${pool}/policies`, { type: 'ttl', limit: '\0', active: 'on' }],
    ['/accounts/draft', { draft: 'x', report: 'garbage' }],
    ['/accounts/draft', { draft: '', report: 'garbage' }],
    ['/accounts', { cloud: 'constructor', name: 'x' }],
    ['/accounts', { cloud: 'focus', name: 'a\0b' }],
    [`/accounts/${c.accounts[0]!.id}/name`, { name: 'a\0b' }],
    [`/accounts/${c.accounts[0]!.id}/bill`, { billOrigin: 'constructor' }],
    [`/bookings/${booking!['id']}/constructor`, {}],
    [`/findings/${finding!['id']}/constructor`, {}],
    [`/findings/${finding!['id']}/snooze`, { days: 'x' }],
    [`/findings/${finding!['id']}/snooze`, { days: '1e9' }],
    [`/clean-ups/${c.cleanUpId}/constructor`, {}],
    ['/bookings', { environment, day: '9999-12-31', start: '10:00', end: '09:00' }],
    ['/bookings', { environment, day: '2026-11-27', start: '10:00', end: '11:00', reason: 'a\0b' }],
    [`/environments/${environment}/properties`, { name: '__proto__', value: 'x' }],
    [`/environments/${environment}/properties`, { name: 'a\0b', value: 'x' }],
    ['/power', { name: 'x', triggers: 'on 08:00 mon-fri', zone: 'Europe/Berlin', starts: '2026-13-45T10:00' }],
    ['/power', { name: 'x\0', triggers: 'on 08:00 mon-fri', zone: 'Europe/Berlin' }],
    ['/rules/new', { name: 'x\0', 'kind-0': 'tag-exists', 'key-0': 'env', pool: c.pools['Shop']!.id }],
    ['/rules/new', { name: 'x', 'kind-0': 'constructor', 'key-0': 'env', pool: c.pools['Shop']!.id }],
    ['/rules/apply', { pool: 'x' }],
    ['/duplicates', { minSize: '1e300', 'bucket.x': 'on' }],
    ['/savings/approval', { over: '1e300' }],
    [`/people/${c.anna.id}/give`, { role: 'constructor', pool: '' }],
    [`/people/${c.anna.id}/give`, { role: 'manager', pool: '\0' }],
  ]
  const bad: string[] = []
  for (const [path, fields] of asked) {
    const { status } = await lea.post(path, fields)
    if (status >= 500) bad.push(`${status} ${path} ${JSON.stringify(fields)}`)
  }
  expect(bad).toEqual([])
}, 300_000)
