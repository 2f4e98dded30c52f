/** How a person's roles look, and the forms that change them. */
import type { Member } from '../db/queries/organizations.ts'
import type { PoolRow } from '../db/queries/pools.ts'
import { sayInheritance, type Removal } from '../engine/organizations/remove-person.ts'
import { AddPerson } from '../engine/organizations/members.ts'
import { roles } from '../db/vocabulary.ts'
import { sayRole, sayRoles } from '../engine/organizations/role-words.ts'
import type { View } from './env.ts'
import { form, postButton, select, titleOf, type Typed } from './form-parts.ts'
import * as parts from './parts.ts'
import { sayPath } from './pool-parts.ts'

/** The roles somebody holds, with the button that takes one. */
export function held(found: Member, { view, may }: { view: View; may: boolean }): parts.Content {
  if (found.roles.length === 0) return parts.notice('warn', `${found.name} has no role and sees nothing.`)
  const take = (poolId: string | null) =>
    postButton(view, { action: `/people/${found.id}/take`, submit: 'Take', hidden: { pool: poolId ?? '' } })
  return parts.table<Member['roles'][number]>(
    [
      { title: 'Role', head: true, cell: (role) => titleOf(sayRole({ ...role, pool: null })) },
      {
        title: 'Where',
        cell: ({ poolId, pool }) =>
          poolId ? parts.link(`/pools/${poolId}`, pool ?? 'a pool') : 'the whole organization',
      },
      ...(may ? [{ title: 'Change', cell: ({ poolId }: Member['roles'][number]) => take(poolId) }] : []),
    ],
    found.roles,
    { caption: `Roles of ${found.name}`, empty: '' },
  )
}

/** Asks for a role and where it holds. */
export function giving(found: Member, { view, pools }: { view: View; pools: PoolRow[] }): parts.Content {
  return form(view, {
    ...{ name: 'role', action: `/people/${found.id}/give`, submit: 'Give' },
    more: (typed) => [
      roleInputs(pools, typed, 'engineer'),
      parts.quiet('It takes the place of the role held there. A manager of the organization may do everything.'),
    ],
  })
}

/** Asks who comes in, and with which first role. */
export const adding = (view: View, pools: PoolRow[]): parts.Content =>
  form(view, {
    ...{ name: 'add', action: '/people', submit: 'Add', schema: AddPerson.pick({ name: true, email: true }) },
    more: (typed) => roleInputs(pools, typed, 'member'),
  })

const roleInputs = (pools: PoolRow[], typed: Typed, first: string): parts.Content => [
  select('role', 'Role', {
    choices: roles.map((role) => ({ value: role, label: titleOf(role) })),
    value: typed?.['role'] ?? first,
  }),
  select('pool', 'Where', {
    any: 'the whole organization',
    choices: pools.map(({ id, path }) => ({ value: id, label: sayPath(path) })),
    value: typed?.['pool'],
  }),
]

/** What goes to whom when somebody is removed, and the button. */
export function removing({ person, heirs, estate }: Removal, view: View): parts.Content {
  const [first] = heirs
  if (!first) return parts.quiet(`${person.name} is the last organization manager. Make somebody else one first.`)
  const nothing = Object.values(estate).every((n) => n === 0)
  const said = sayInheritance(person.name, {
    estate,
    heir: heirs.length > 1 ? 'whom you choose' : first.name,
    done: false,
  })
  return parts.fold(`Remove ${person.name}`, [
    `${said} Every role and every way in ends at once, here and in Slack. This cannot be undone.`,
    form(view, {
      ...{ name: 'remove', action: `/people/${person.id}/remove`, submit: `Remove ${person.name}`, tone: 'danger' },
      ...(heirs.length > 1 && !nothing
        ? {
            more: select('heir', 'What they own goes to', {
              choices: heirs.map(({ id, name }) => ({ value: id, label: name })),
              value: first.id,
            }),
          }
        : { hidden: { heir: first.id } }),
    }),
  ])
}

/** What happens when somebody leaves, and the button. */
export function leaving(found: Member, { view, owns }: { view: View; owns: number }): parts.Content {
  if (found.roles.length === 0) return parts.quiet('There is none to take.')
  return [
    `${found.name} is ${sayRoles(found.roles)}. Without a role they see nothing, here and in Slack. `,
    owns
      ? `They stay the owner of ${parts.plural(owns, 'resource')} until somebody assigns them; their bookings stay too.`
      : 'They own no resource; their bookings stay.',
    postButton(view, { action: `/people/${found.id}/leave`, submit: 'Take all roles', tone: 'danger' }),
  ]
}
