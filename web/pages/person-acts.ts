import { Hono } from 'hono'
import { giveRole, GiveRole, takeAllRoles, takeRole } from '../../engine/organizations/members.ts'
import { sayOneRole } from '../../engine/organizations/role-words.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { readMember } from './person.ts'

/** The acts behind the forms of a person. */
export const personActs = new Hono<WebEnv>()
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
