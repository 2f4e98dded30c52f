import { listMembers } from '../../db/queries/organizations.ts'
import { roles, type Role } from '../../db/vocabulary.ts'
import { sayRole } from '../../engine/organizations/role-words.ts'
import type { BotContext } from '../context.ts'
import { optional, quote } from '../grammar.ts'
import peopleList from '../messages/people-list.ts'
import { changeRoleAndTell, memberBehind } from '../people.ts'
import { removeAndTell } from '../remove-person.ts'
import { ask, say } from '../reply.ts'
import { poolToChange } from '../scopes.ts'
import { oneOf, person, poolName } from '../slots.ts'
import { command } from './command.ts'

/** So many fit one message; the page has all. */
const most = 20

/** Who holds which role; a manager of the organization gives one, on the organization or on a pool, takes it, or removes somebody. */
export default command({
  verb: 'role',
  aliases: ['roles', 'people', 'members'],
  summary: 'Who may do what; give or take a role',
  usage: '[@user] [manager|engineer|member|none|remove] [for pool]',
  examples: [
    'role',
    'role <@U0PRIYA>',
    'role <@U0PRIYA> engineer',
    'role <@U0PRIYA> manager for payments',
    'role <@U0PRIYA> none for payments',
    'role <@U0PRIYA> remove',
    'role <@U0PRIYA> remove to <@U0LEA>',
  ],
  effect: 'reversible',
  takes: {
    user: optional(person),
    role: optional(oneOf(...roles, 'none', 'remove')),
    to: optional(person),
    sure: optional(oneOf('yes')),
    pool: optional(poolName),
  },
  async run(ctx, { user, role, to, sure, pool: named }) {
    if (!user) return list(ctx)
    const member = await memberBehind(ctx, user)
    if (!member)
      return ask('Nobody here is this Slack user yet, so there is no role to change. Let them in first.', [
        {
          label: 'Let in',
          command: `link <@${user}> as ${role && role !== 'none' && role !== 'remove' ? role : 'member'}`,
        },
      ])
    if (!role) return list(ctx, member.id)
    if (to && role !== 'remove')
      return ask(`One person at a time: whose role is meant? Nothing was changed.`, [
        { label: 'The first', command: `role <@${user}> ${role}` },
        { label: 'The second', command: `role <@${to}> ${role}` },
      ])
    if (role === 'remove' && named)
      return ask('Removing takes everything from somebody, not one pool. Nothing was changed. Is this meant?', [
        { label: 'Take the role there', command: `role <@${user}> none for ${quote(named)}` },
      ])
    if (role === 'remove') return removeAndTell(ctx, { user, member, to, sure: sure === 'yes' })
    const found = named ? await poolToChange(ctx, named, (path) => `role <@${user}> ${role} for ${quote(path)}`) : null
    const given: Role | null = role === 'none' ? null : role
    return changeRoleAndTell(ctx, { personId: member.id, poolId: found?.id ?? null, role: given })
  },
})

async function list(ctx: BotContext, id?: string) {
  const { orgId } = ctx
  const rows = await listMembers(ctx.db, { orgId, limit: most + 1, ...(id ? { ids: [id] } : {}) })
  return say(peopleList, {
    more: rows.length > most,
    page: id ? `/people/${id}` : '/people',
    people: rows
      .slice(0, most)
      .map(({ id, name, isLinked, roles }) => ({ id, name, isLinked, roles: roles.map(sayRole) })),
  })
}
