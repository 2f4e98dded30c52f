import { Hono } from 'hono'
import { addPerson, AddPerson, giveRole, GiveRole, takeAllRoles, takeRole } from '../../engine/organizations/members.ts'
import { removePerson, sayInheritance } from '../../engine/organizations/remove-person.ts'
import { sayOneRole } from '../../engine/organizations/role-words.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { readMember } from './person.ts'

/** The acts behind the forms of a person. */
export const personActs = new Hono<WebEnv>()
  .post('/people', (c) =>
    act(c, {
      back: '/people',
      form: 'add',
      run: async (ctx, { name, email, role, pool }) => {
        const wish = { name, email: email?.trim() || undefined, role, poolId: pool || null }
        const made = await addPerson(ctx, AddPerson.parse(wish))
        const next = `${made.name} comes in through Slack: they type /finops and ask to join, and you let them in as the same person.`
        return { say: `${made.name} is here now.`, next, goTo: `/people/${made.id}` }
      },
    }),
  )
  .post('/people/:id/remove', async (c) => {
    const { id } = await readMember(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/people/${id}`,
      form: 'remove',
      run: async (ctx, { heir: heirId }) => {
        const { person, heir, estate } = await removePerson(ctx, { personId: id, ...(heirId ? { heirId } : {}) })
        const what = sayInheritance(person.name, { estate, heir: heir.name, done: true })
        const say = `${person.name} is removed and sees nothing any more. ${what}`
        // Whoever removed themselves has no page of this organization left to go to.
        return { say, goTo: id === ctx.actor.personId ? '/' : '/people' }
      },
    })
  })
  .post('/people/:id/give', async (c) => {
    const { id } = await readMember(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/people/${id}`,
      form: 'role',
      run: async (ctx, { role, pool }) => {
        const wish = GiveRole.parse({ personId: id, role, poolId: pool || null })
        const { person, place } = await giveRole(ctx, wish)
        return `${person.name} is ${sayOneRole({ role: wish.role, pool: wish.poolId ? place : null })} now.`
      },
    })
  })
  .post('/people/:id/take', async (c) => {
    const { id } = await readMember(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/people/${id}`,
      run: async (ctx, { pool }) => {
        const { person, place } = await takeRole(ctx, { personId: id, poolId: pool || null })
        return `${person.name} has no role in ${place} any more.`
      },
    })
  })
  .post('/people/:id/leave', async (c) => {
    const { id } = await readMember(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/people/${id}`,
      run: async (ctx) => {
        const { name } = await takeAllRoles(ctx, { personId: id })
        return `${name} has no role any more and sees nothing. What they own stays theirs until somebody assigns it.`
      },
    })
  })
