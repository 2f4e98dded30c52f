/** What every route refuses, asked of the table of routes, so that a new route is asked too. */
import { beforeAll, describe, expect, it } from 'vitest'
import { insertPerson } from '../../db/queries/organizations.ts'
import { neighbours } from '../other-organization.ts'
import { world, type World } from '../world.ts'
import { addresses } from './addresses.ts'
import { company, type Company } from './company.ts'
import { stranger, visitor, type Visitor } from './visitor.ts'

let w: World
let c: Company
let lea: Visitor
beforeAll(async () => {
  w = await world()
  c = await company(w)
  lea = await visitor(w)
})

/** Every path of the app that takes this method; what machines and browsers ask without a person is open. */
async function pathsOf(wanted: 'GET' | 'POST'): Promise<string[]> {
  const open = ['/style.css', '/favicon.svg', '/health', '/ready', '/metrics']
  const all = await addresses(w, c, lea.app)
  return all.filter(({ method, path }) => method === wanted && !open.includes(path)).map(({ path }) => path)
}

/** What everything about this organization adds up to. */
async function snapshot(): Promise<string> {
  const tables = [
    'events',
    'pools',
    'pool_policies',
    'rules',
    'resources',
    'environments',
    'bookings',
    'accounts',
    'clean_ups',
    'findings',
    'duplicate_checks',
    'dismissals',
    'imports',
  ]
  const rows = await Promise.all(
    tables.map(
      (table) => w.database.sql`select md5(string_agg(t::text, '' order by t::text)) from ${w.database.sql(table)} t`,
    ),
  )
  return JSON.stringify(rows)
}

describe('every form', () => {
  it('is refused without a token, with a wrong one, and as any other kind of body, and changes nothing', async () => {
    const paths = await pathsOf('POST')
    expect(paths.length).toBeGreaterThan(20)
    const before = await snapshot()
    const headers = {
      'sec-fetch-site': 'same-origin',
      cookie: [...lea.cookies].map((pair) => pair.join('=')).join('; '),
    }
    const ask = async (path: string, init: RequestInit) =>
      (await lea.app.request(`https://finops.example.com${path}`, { method: 'POST', ...init })).status
    for (const path of paths) {
      const json = { ...headers, 'content-type': 'application/json' }
      const form = new FormData()
      form.append('files', new Blob(['a,b\n1,2\n']), 'a.csv')
      expect([path, (await lea.post(path, {}, { csrf: '' })).status]).toEqual([path, 403])
      expect([path, (await lea.post(path, {}, { csrf: 'x'.repeat(43) })).status]).toEqual([path, 403])
      expect([path, await ask(path, { headers: json, body: '{}' })]).toEqual([path, 403])
      expect([path, await ask(path, { headers, body: form })]).toEqual([path, 403])
    }
    expect(await snapshot()).toBe(before)
  })

  it('of somebody who is not signed in leads to the page that says how, and changes nothing', async () => {
    const before = await snapshot()
    for (const path of await pathsOf('POST'))
      expect([path, (await stranger(w.deps).post(path, {}, { csrf: '' })).status]).toEqual([path, 401])
    expect(await snapshot()).toBe(before)
  })
})

describe('every page and file', () => {
  it('is shown to nobody who is not signed in', async () => {
    const paths = await pathsOf('GET')
    expect(paths.length).toBeGreaterThan(15)
    for (const path of paths) {
      const page = await stranger(w.deps).get(path)
      expect([path, page.status]).toEqual([path, 401])
      expect(page.text).not.toContain(w.org.name)
    }
  })

  it('is shown to nobody who has no role in the organization', async () => {
    const row = { orgId: w.org.id, name: 'Gus', email: 'gus@example.com' }
    const gus = await visitor(w, { person: await insertPerson(w.deps.db, row) })
    for (const path of await pathsOf('GET')) expect([path, (await gus.get(path)).status]).toEqual([path, 403])
    expect((await gus.get('/spend')).text).toContain('You cannot see costs. Nothing was changed.')
  })

  it('asked with ids of another organization in its address shows nothing of it', async () => {
    const them = await neighbours(w, ['2026-11-20'])
    const [account] = await w.database.sql`select id from accounts where org_id = ${them.orgId}`
    const query = new URLSearchParams({
      ...{ pool: them.pool.id, resource: them.resource.id, account: String(account!['id']), id: them.pool.id },
      ...{ kind: 'pool', after: them.resource.id, before: '999999999', by: 'resource' },
    })
    for (const path of await pathsOf('GET')) {
      for (const asked of [
        `${path}?${query.toString()}`,
        ...[...query].map(([name, value]) => `${path}?${name}=${value}`),
      ]) {
        const page = await lea.get(asked)
        // This world knows no cloud, so nobody writes its permissions.
        expect([asked, page.status]).toEqual([asked, path.startsWith('/files/connect/') ? 404 : 200])
        expect(page.text, asked).not.toMatch(/Neighbours|secret-thing|\$777|999999999999/)
      }
    }
    const found = await lea.get('/resources?q=secret-thing')
    expect(found.text).not.toContain('i-0secret0secret0')
  })
})

describe('a form with an id of another organization in its fields', () => {
  it('changes nothing here or there', async () => {
    const them = await neighbours(w)
    const before = await snapshot()
    const own = { resource: c.resources[0]!.id, pool: c.pools['Shop']!.id, environment: c.environments[0]!.id }
    const [person] = await w.database
      .sql`insert into people (org_id, name, email) values (${them.orgId}, 'Spy', 'spy@example.com') returning id`
    const spy = String(person!['id'])
    const cases: [string, Record<string, string>][] = [
      [`/resources/${own.resource}/assign`, { pool: them.pool.id, owner: '' }],
      [`/resources/${own.resource}/assign`, { pool: own.pool, owner: spy }],
      [`/pools/${own.pool}/change`, { name: 'Shop', purpose: 'team', owner: spy }],
      ['/rules/new', { name: 'x', 'kind-0': 'tag-exists', 'key-0': 'env', pool: them.pool.id }],
      ['/rules/new', { name: 'x', 'kind-0': 'tag-exists', 'key-0': 'env', pool: own.pool, owner: spy }],
      ['/rules/new', { name: 'x', account: them.accountId, pool: own.pool }],
      ['/rules/apply', { pool: them.pool.id }],
      ['/bookings', { environment: them.resource.id, day: '2026-11-27', start: '10:00', end: '11:00' }],
    ]
    for (const [path, fields] of cases) {
      const page = await lea.submit(path, fields)
      expect([path, page.status]).toEqual([path, expect.toBeOneOf([200, 404])])
      expect(page.text, path).toMatch(/Nothing was|There is no/)
    }
    expect(await snapshot()).toBe(before)
  })
})
