import type { HeldRole } from '../../db/queries/organizations.ts'

/** "organization manager", "manager of Payments", "engineer", "member of Payments": a role and where it holds. */
export function sayRole({ role, pool }: Pick<HeldRole, 'role' | 'pool'>): string {
  if (pool === null) return role === 'manager' ? 'organization manager' : role
  return `${role} of ${pool}`
}

/** "an engineer", "a manager of Payments". */
export function sayOneRole(held: Pick<HeldRole, 'role' | 'pool'>): string {
  const words = sayRole(held)
  return `${/^[eo]/.test(words) ? 'an' : 'a'} ${words}`
}

/** All roles of somebody, or that they have none. */
export const sayRoles = (held: Pick<HeldRole, 'role' | 'pool'>[]): string => held.map(sayRole).join(', ') || 'no role'
