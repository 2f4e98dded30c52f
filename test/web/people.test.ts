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

describe('a person', () => {
  const rows = async (name: string) =>
    w.database
      .sql`select p.email, m.role, m.pool_id from people p left join memberships m on m.person_id = p.id where p.name = ${name}`

  it('is added with a first role; an e-mail is taken whatever its case, and what was typed stays', async () => {
    const anna = { name: 'Anna', email: 'Anna@Example.com', role: 'engineer', pool: shop.id }
    const added = await lea.submit('/people', anna)
    expect(added.text).toContain('Anna is here now.')
    expect(added.text).toContain('Anna comes in through Slack')
    expect(await rows('Anna')).toEqual([{ email: 'Anna@Example.com', role: 'engineer', pool_id: shop.id }])
    const again = await lea.submit('/people', { ...anna, name: 'Anna again', email: 'anna@example.COM' })
    expect(again.text).toContain('anna@example.COM belongs to Anna here already. Nobody was added.')
    expect(again.text).toMatch(/name="name"[^>]*value="Anna again"/)
    expect(await rows('Anna again')).toEqual([])
    const wrong = await lea.submit('/people', { ...anna, name: '', email: '' })
    expect(wrong.text).toContain('A person needs a name.')
    expect((await lea.submit('/people', { ...anna, name: 'Bo', email: 'bo' })).text).toContain(
      'This is no e-mail address.',
    )
    expect((await lea.submit('/people', { name: 'Kim', email: '', role: 'member', pool: '' })).text).toContain(
      'Kim is here now.',
    )
  })

  it('is removed after saying what goes to whom, and chooses among managers', async () => {
    const gus = await w.person('Gus', 'engineer', shop.id)
    const mia = await w.person('Mia', 'manager')
    await w.resource(await w.account(), { ownerId: gus.id, poolId: shop.id })
    const page = (await lea.get(`/people/${gus.id}`)).text
    expect(page).toContain('1 resource goes to whom you choose. Every role and every way in ends at once')
    const theirs = await visitor(w, { person: gus })
    expect((await theirs.get('/people')).status).toBe(200)
    const refused = await lea.submit(`/people/${gus.id}/remove`, { heir: max.id })
    expect(refused.text).toContain('can only go to another organization manager. Nobody was removed.')
    const done = await lea.submit(`/people/${gus.id}/remove`, { heir: mia.id })
    expect(done.text).toContain('Gus is removed and sees nothing any more. 1 resource went to Mia.')
    expect(done.text).not.toContain(`/people/${gus.id}`)
    expect((await lea.get(`/people/${gus.id}`)).status).toBe(404)
    expect((await theirs.get('/people')).text).not.toContain('Everybody here')
    await lea.submit(`/people/${mia.id}/remove`, { heir: w.lea.id })
    expect((await lea.get(`/people/${w.lea.id}`)).text).toContain('Lea is the last organization manager.')
  })

  it('is added and removed by managers only', async () => {
    const priya = await w.person('Pia')
    const visit = await visitor(w, { person: priya })
    expect((await visit.get('/people')).text).not.toContain('Add a person')
    expect((await visit.submit('/people', { name: 'X', email: '', role: 'member', pool: '' })).text).toContain(
      'You cannot change the organization. Nothing was changed.',
    )
    expect((await visit.submit(`/people/${max.id}/remove`, { heir: w.lea.id })).text).toContain(
      'You cannot change the organization',
    )
    expect(await rows('X')).toEqual([])
    await w.database.sql`delete from people where name in ('Anna', 'Kim', 'Pia')`
  })
})

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
