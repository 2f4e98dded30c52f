/** Roles in Slack: who is let in as what, who is given and loses a role, and what nobody can lose. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertPerson, listMemberships } from '../../db/queries/organizations.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { giveRole } from '../../engine/organizations/members.ts'
import { labels, lea, max, priya, slackWorld, tom, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let payments: Pool
beforeAll(async () => {
  w = await slackWorld()
  payments = await w.pool('Payments')
})

const rolesOf = async (person: Pick<Person, 'id'>) =>
  (await listMemberships(w.deps.db, { orgId: w.org.id, personId: person.id }))
    .map(({ role, poolId }) => (poolId ? `${role} ${poolId === payments.id ? 'Payments' : '?'}` : role))
    .toSorted()
const events = () => w.database.sql`select name, before, after from events where name like 'person.role%' order by id`

describe('role', () => {
  beforeEach(
    () =>
      w.database
        .sql`delete from memberships where person_id = ${w.priya.id} and (pool_id is not null or role <> 'engineer')`,
  )

  it('lists who holds which role, and one person', async () => {
    const seen = await w.type('role', { user: priya })
    expect(words(seen)).toMatch(/Lea>\* · organization manager/)
    expect(words(seen)).toMatch(/Priya>\* · engineer/)
    const one = await w.type(`people <@${priya}>`)
    expect(one.text).toBe('Priya: engineer.')
    expect(words(one)).toContain('`role` <@U0PRIYA>')
    expect(words(await w.type('help role'))).toContain('`role @priya manager for payments`')
  })

  it('given on a pool holds there, is recorded, and is taken back by Undo', async () => {
    const given = await w.type(`role <@${priya}> manager for payments`)
    expect(given.text).toBe('Priya is a manager of Payments now.')
    expect(await rolesOf(w.priya)).toEqual(['engineer', 'manager Payments'])
    const [event] = (await events()).slice(-1)
    expect(event).toEqual({
      name: 'person.role-given',
      before: { role: null, poolId: payments.id },
      after: { role: 'manager', poolId: payments.id },
    })
    await w.press(given, 'Undo')
    expect(await rolesOf(w.priya)).toEqual(['engineer'])
    expect(w.last().text).toBe('Priya has no role in Payments now.')
  })

  it('takes the place of the one held there, and is taken away with “none”', async () => {
    const changed = await w.type(`role <@${priya}> member`)
    expect(changed.text).toBe('Priya is a member now.')
    expect(await rolesOf(w.priya)).toEqual(['member'])
    await w.press(changed, 'Undo')
    expect(await rolesOf(w.priya)).toEqual(['engineer'])
    const taken = await w.type(`role <@${priya}> none`)
    expect(taken.text).toMatch(/^Priya has no role any more and sees nothing\. What they own stays theirs/)
    expect((await w.type('cost', { user: priya })).text).toMatch(/You have no role yet/)
    await w.press(taken, 'Undo')
    expect(w.last().text).toBe('Priya is an engineer now.')
  })

  it('is not taken back once a colleague gave another one', async () => {
    const given = await w.type(`role <@${priya}> manager for payments`)
    await giveRole(w.as(), { personId: w.priya.id, poolId: payments.id, role: 'member' })
    await w.press(given, 'Undo')
    expect(w.last().text).toMatch(/^This was changed again since, so it stays as it is\. Nothing was changed\./)
    expect(await rolesOf(w.priya)).toEqual(['engineer', 'member Payments'])
  })

  it('of two people, or removed from one pool, is asked about instead of half done', async () => {
    const both = await w.type(`role <@${priya}> member <@${lea}>`, { user: lea })
    expect(both.text).toMatch(/One person at a time/)
    const part = await w.type(`role <@${priya}> remove for payments`, { user: lea })
    expect(part.text).toMatch(/Removing takes everything/)
  })

  it('given twice changes nothing and offers no Undo', async () => {
    const again = await w.type(`role <@${priya}> engineer`)
    expect(again.text).toBe('Priya is an engineer now. Nothing was changed.')
    expect(labels(again)).toEqual([])
  })

  it('of the last organization manager stays', async () => {
    for (const line of [`role <@${lea}> engineer`, `role <@${lea}> none`]) {
      const refused = await w.type(line)
      expect(refused.text).toBe(
        'Lea is the last organization manager. No role was changed. Make somebody else an organization manager first.',
      )
    }
    expect(await rolesOf(w.lea)).toEqual(['manager'])
  })

  it('is nothing an engineer or a manager of a pool changes; the refusal names who can', async () => {
    await w.type(`role <@${priya}> manager for payments`)
    const refused = await w.type(`role <@${priya}> manager`, { user: priya })
    expect(refused.text).toBe('You cannot change the organization. Nothing was changed. Ask Lea.')
    expect(labels(refused)).toEqual(['Ask Lea'])
    expect(await rolesOf(w.priya)).toEqual(['engineer', 'manager Payments'])
  })

  it('of somebody nobody knows asks to let them in, and of an unknown pool asks which', async () => {
    const unknown = await w.type(`role <@${tom}> engineer`)
    expect(unknown.text).toMatch(/Nobody here is this Slack user yet/)
    const wrong = await w.type(`role <@${priya}> engineer for paymants`)
    expect(wrong.text).toMatch(/I know no pool called “paymants”/)
  })
})

describe('link', () => {
  it('lets somebody in as the person who is here under their e-mail, with the role chosen', async () => {
    const row = { orgId: w.org.id, name: 'Max L.', email: 'Max@acme.example' }
    const known = await insertPerson(w.deps.db, row)
    const asked = await w.type(`link <@${max}> as engineer`)
    expect(asked.text).toMatch(/^Max Lindqvist has the e-mail of Max L\. \(no role\), who is here already\./)
    const refused = await w.type(`link <@${max}> as engineer yes`)
    expect(refused.text).toMatch(/has the e-mail of/)
    await w.press(refused, labels(refused)[0]!)
    expect(w.last().text).toBe('Max L. is in now: engineer.')
    expect(await rolesOf(known)).toEqual(['engineer'])
    expect((await w.type('role', { user: max })).text).toMatch(/people/)
    const again = await w.type(`link <@${max}> as manager`)
    expect(again.text).toMatch(/This Slack user is in already: Max L\., engineer\./)
    expect(labels(again)[0]).not.toContain('<@')
    await w.press(again, labels(again)[0]!)
    expect(await rolesOf(known)).toEqual(['manager'])
    await w.type(`role <@${max}> engineer`)
  })
})

describe('removing', () => {
  it('asks with what goes to whom, is done with one more click, and the person is a stranger then', async () => {
    const zoe = await w.colleague(tom, 'Zoe')
    const boss = await w.colleague(max, 'Boss', 'manager')
    await w.resource(await w.account(), { ownerId: zoe.id })
    expect((await w.type(`role <@${tom}> remove`, { user: tom })).text).toMatch(/^You cannot change the organization\./)
    const asked = await w.type(`role <@${tom}> remove`)
    expect(asked.text).toMatch(
      /^Remove Zoe\? 1 resource goes to Lea\. Zoe loses every role at once, here and in Slack\. This cannot be undone\./,
    )
    expect(labels(asked)).toEqual(['Remove, to Lea', 'Remove, to Boss'])
    // A mention inside of a code span would be shown by its id.
    expect(words(asked)).toContain('1. `role` <@U0TOM> `remove to` <@U0LEA> `yes`\n2.')
    expect(JSON.stringify(asked.blocks)).not.toMatch(/accessibility_label":"[^"]*<@/)
    expect(await rolesOf(zoe)).toEqual(['engineer'])
    await w.press(asked, 'Remove, to Boss')
    const done = w.last()
    expect(done.text).toBe('Zoe is removed and sees nothing any more. 1 resource went to Boss.')
    expect(labels(done)).not.toContain('Undo')
    await w.work()
    const told = w.last(max, w.slack.directChannel(max))
    expect(told.text).toBe('Zoe is not here any more. 1 resource went to Boss.')
    expect(words(told)).toMatch(/^<@U0LEA> removed \*Zoe\*, who sees nothing any more\./)
    expect((await w.type('mine', { user: tom })).text).toMatch(/^You are not in /)
    expect((await w.type('role')).text).not.toContain('Zoe')
    const last = await w.type(`role <@${max}> remove to <@${lea}>`)
    expect(last.text).toMatch(/^Remove Boss\? 1 resource goes to Lea\./)
    expect(labels(last)).toEqual(['Remove'])
    await w.press(last, 'Remove')
    expect(await rolesOf(boss)).toEqual([])
    expect((await w.type(`role <@${lea}> remove`)).text).toMatch(
      /^Lea is the last organization manager\. Nobody was removed\./,
    )
  })
})
