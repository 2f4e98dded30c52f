/** Asking to be let in: who is asked, what they decide, and what whoever asked hears. */
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { insertMembership, insertPerson, listMemberships } from '../../db/queries/organizations.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { Role } from '../../db/vocabulary.ts'
import { judgeView } from '../../bot/lint.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { hourMs } from '../../engine/time.ts'
import { labels, lea, max, slackWorld, tom, words, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let boss: Person
beforeAll(async () => {
  w = await slackWorld()
  boss = await w.colleague(max, 'Boss', 'manager')
})
beforeEach(async () => {
  const { sql } = w.database
  await sql`truncate join_requests`
  await sql`delete from slack_links where slack_user_id = ${tom}`
  await sql`delete from memberships where person_id in (select id from people where name like 'Tom%')`
  await sql`delete from people where name like 'Tom%'`
  w.clock.advance(hourMs)
})

const direct = (user: string) => w.slack.conversation(user, w.slack.directChannel(user)) as Seen[]
const now = (user: string, { ts }: Seen) => direct(user).find((seen) => seen.ts === ts)!
const requests = () => w.database.sql`select decision, decided_by as by from join_requests order by asked_at`

/** Tom types a line and asks to be let in; the requests as Lea and the other manager have them. */
async function asked(line = 'cost'): Promise<[Seen, Seen]> {
  await w.press(await w.type(line, { user: tom }), 'Ask to Join', tom)
  await w.work()
  return [direct(lea).at(-1)!, direct(max).at(-1)!]
}
async function decide(request: Seen, label: string, user = lea): Promise<void> {
  await w.press(request, label, user)
  await w.work()
}

it('declined is told once to whoever asked, without blame and with who can help', async () => {
  const before = direct(tom).length
  const [request, other] = await asked()
  await decide(request, 'Decline')
  expect(words(now(lea, request))).toContain('Tom Okafor was declined by Lea')
  expect(
    direct(tom)
      .slice(before)
      .map(({ text }) => text),
  ).toEqual([
    `You are not let into ${w.org.name} for now, so I show you nothing of it. Boss and Lea can let you in at any time.`,
  ])
  expect(words(direct(tom).at(-1)!)).toContain('<@U0LEA>')
  expect(now(max, other).text).toBe('Tom Okafor was declined by Lea.')
  expect(labels(now(max, other))).toEqual([])
})

it('is not asked again within a day of a no, and says so; after it, it is', async () => {
  await decide((await asked())[0], 'Decline')
  w.clock.advance(23 * hourMs)
  await asked()
  expect(words(w.last(tom))).toMatch(
    /^You are not let in for now, so I asked nobody again\. You can ask again from <!date.*>; Boss and Lea can let you in at any time\.$/,
  )
  expect(await requests()).toHaveLength(1)
  w.clock.advance(hourMs)
  const [again] = await asked()
  expect(again.text).toMatch(/^Tom Okafor asks to join\./)
  expect(await requests()).toMatchObject([{ decision: 'declined' }, { decision: null }])
})

it('is one request while it is open, and every manager’s copy says what came of it', async () => {
  const before = direct(max).length
  await asked('env')
  const [mine, theirs] = await asked('help')
  expect(direct(max)).toHaveLength(before + 1)
  expect(labels(theirs)).toEqual(['Let In as Engineer', 'Let In as Member', 'Decline'])
  await decide(mine, 'Let In as Member')
  expect(now(max, theirs).text).toBe('Tom Okafor was let in by Lea.')
  expect(labels(now(max, theirs))).toEqual([])
  expect(words(direct(tom).at(-1)!)).toContain('Type a command')
  expect(await requests()).toEqual([{ decision: 'let_in', by: w.lea.id }])
})

it('waits in “mine” and on the home tab until somebody decides', async () => {
  await createEnvironment(w.as(), { name: 'stage-1' })
  await asked()
  const seen = await w.type('mine')
  expect(seen.text).toContain('1 request for you to decide.')
  await w.slack.openHome({ user: lea })
  await w.settled()
  expect(words(w.slack.home(lea) as never)).toContain('Tom Okafor asks to join.')
  expect(judgeView(w.slack.home(lea) as never)).toEqual([])
  await w.press(seen, 'Decide')
  await decide(w.last(), 'Decline')
  expect((await w.type('mine')).text).not.toContain('to decide')
})

it('decided by two at once is decided once, and the other hears that', async () => {
  const [mine, theirs] = await asked()
  await Promise.all([w.press(mine, 'Decline'), w.press(theirs, 'Let In as Engineer', max)])
  await w.work()
  const [request] = await requests()
  const isIn = request!['decision'] === 'let_in'
  expect(request).toEqual(isIn ? { decision: 'let_in', by: boss.id } : { decision: 'declined', by: w.lea.id })
  expect(await w.database.sql`select from people where name like 'Tom%'`).toHaveLength(isIn ? 1 : 0)
  const late = direct(isIn ? lea : max).at(-1)!
  expect(late.text).toMatch(/^(This changed meanwhile|Tom Okafor (was declined|is in) already\. Nothing was changed)/)
})

it('ends with a command that lets in too, and what was typed first is answered', async () => {
  const [request] = await asked('help')
  await w.type(`link <@${tom}> as member yes`)
  await w.work()
  expect(now(lea, request).text).toBe('Tom Okafor was let in by Lea.')
  expect(words(direct(tom).at(-1)!)).toContain('Type a command')
})

const rolesOf = async ({ id }: Person) =>
  (await listMemberships(w.deps.db, { orgId: w.org.id, personId: id })).map(({ role }) => role)
async function known(role?: Role): Promise<Person> {
  const person = await insertPerson(w.deps.db, { orgId: w.org.id, name: 'Tom O.', email: 'tom@acme.example' })
  if (role) await insertMembership(w.deps.db, { orgId: w.org.id, personId: person.id, role })
  return person
}

it('by somebody who is here without a role asks with which, and gives it', async () => {
  const person = await known()
  const [request] = await asked()
  expect(words(request)).toContain('Tom O., by equal e-mail')
  expect(labels(request)).toEqual(['Let In as Engineer', 'Let In as Member', 'Decline'])
  await decide(request, 'Let In as Member')
  expect(await rolesOf(person)).toEqual(['member'])
  expect(await w.database.sql`select from people where email ilike 'tom@%'`).toHaveLength(1)
})

it('by somebody who has a role keeps it', async () => {
  const person = await known('engineer')
  const [request] = await asked()
  expect(labels(request)).toEqual(['Yes, Same Person', 'Decline'])
  await decide(request, 'Yes, Same Person')
  expect(await rolesOf(person)).toEqual(['engineer'])
})
