/** The People pages: who is there with which role, and what managers change. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../../db/schema/organizations.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let lea: Visitor
let max: Person
let shop: Pool
beforeAll(async () => {
  w = await world()
  shop = await w.pool('Shop')
  max = await w.person('Max <b>', 'member')
  lea = await visitor(w)
})
const at = () => `/people/${max.id}`

describe('people', () => {
  it('are listed with their roles, fifty a page', async () => {
    const page = (await lea.get('/people')).text
    expect(page).toContain('organization manager')
    expect(page).toContain('Max &lt;b&gt;')
    await w.database
      .sql`insert into people (org_id, name) select ${w.org.id}, 'P ' || lpad(n::text, 3, '0') from generate_series(1, 120) n`
    const seen: string[] = []
    for (let next: string | undefined = '/people'; next;) {
      const { text } = await lea.get(next)
      seen.push(...[...text.matchAll(/href="\/people\/([0-9a-f-]{36})"/g)].map(([, id]) => id!))
      next = text.match(/href="([^"]*)">Next page/)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toHaveLength(122)
    expect(new Set(seen).size).toBe(122)
  })

  it('get a role on a pool, another one, and lose it', async () => {
    const given = await lea.submit(`${at()}/give`, { role: 'engineer', pool: shop.id })
    expect(given.text).toContain('Max &lt;b&gt; is an engineer of Shop now.')
    expect((await lea.submit(`${at()}/give`, { role: 'manager', pool: shop.id })).text).toContain(
      'is a manager of Shop now.',
    )
    const rows = await w.database.sql`select role, pool_id from memberships where person_id = ${max.id} order by role`
    expect(rows).toEqual([
      { role: 'manager', pool_id: shop.id },
      { role: 'member', pool_id: null },
    ])
    expect((await lea.submit(`${at()}/take`, { pool: shop.id })).text).toContain('has no role in Shop any more.')
    expect((await lea.get(`/events?kind=person&id=${max.id}`)).text).toContain('person role taken')
  })

  it('who leave lose every role; what they own is said before and stays theirs', async () => {
    await w.resource(await w.account(), { ownerId: max.id })
    expect((await lea.get(at())).text).toContain('They stay the owner of 1 resource until somebody assigns them')
    expect((await lea.submit(`${at()}/leave`)).text).toContain('has no role and sees nothing.')
    expect(await w.database.sql`select from memberships where person_id = ${max.id}`).toHaveLength(0)
    expect(await w.database.sql`select from resources where owner_id = ${max.id}`).toHaveLength(1)
    const gone = await visitor(w, { person: max })
    expect((await gone.get('/people')).status).toBe(403)
  })

  it('the last organization manager keeps the role, and is told what to do', async () => {
    for (const [act, fields] of [
      ['take', { pool: '' }],
      ['leave', {}],
      ['give', { role: 'member', pool: '' }],
    ] as const) {
      const refused = await lea.submit(`/people/${w.lea.id}/${act}`, fields)
      expect(refused.text, act).toContain('Lea is the last organization manager. No role was changed.')
      expect(refused.text).toContain('Make somebody else an organization manager first.')
    }
  })

  it('an engineer sees who holds what and who could change it, but no form; a forged one is refused', async () => {
    const priya = await w.person('Priya')
    const visit = await visitor(w, { person: priya })
    const page = (await visit.get(`/people/${priya.id}`)).text
    expect(page).toContain('Roles are changed by Lea.')
    expect(page).not.toContain('/give"')
    const refused = await visit.submit(`/people/${priya.id}/give`, { role: 'manager', pool: '' })
    expect(refused.text).toContain('You cannot change the organization. Nothing was changed.')
  })
})
