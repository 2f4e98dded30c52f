/** How a person's roles look, and the forms that change them. */
import type { Member } from '../db/queries/organizations.ts'
import type { PoolRow } from '../db/queries/pools.ts'
import { roles } from '../db/vocabulary.ts'
import { sayRole, sayRoles } from '../engine/organizations/role-words.ts'
import type { View } from './env.ts'
import { form, postButton, select, titleOf } from './form-parts.ts'
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
  const typed = view.flash?.form === 'role' ? view.flash.values : undefined
  return form(view, {
    ...{ name: 'role', action: `/people/${found.id}/give`, submit: 'Give' },
    more: [
      select('role', 'Role', {
        choices: roles.map((role) => ({ value: role, label: titleOf(role) })),
        value: typed?.['role'] ?? 'engineer',
      }),
      select('pool', 'Where', {
        any: 'the whole organization',
        choices: pools.map(({ id, path }) => ({ value: id, label: sayPath(path) })),
        value: typed?.['pool'],
      }),
      parts.quiet('It takes the place of the role held there. A manager of the organization may do everything.'),
    ],
  })
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
