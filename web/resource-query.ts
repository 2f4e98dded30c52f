/** What the address of the resources page asks for. */
import { z } from 'zod'
import type { ResourceFilter } from '../db/queries/resources.ts'

const text = z.string().trim().max(300).catch('')
const id = z.uuid().optional().catch(undefined)
const asked = z.object({
  q: text,
  pool: id,
  owner: z
    .union([z.uuid(), z.literal('none')])
    .optional()
    .catch(undefined),
  account: id,
  type: text,
  service: text,
  region: text,
  active: z.enum(['yes', 'no']).optional().catch(undefined),
  tag: text,
  after: z
    .string()
    .regex(/^-?\d+(\.\d+)?~[0-9a-f-]{36}$/)
    .optional()
    .catch(undefined),
})

export type AskedResources = {
  filter: ResourceFilter
  text: string
  after: { totalCost: string; id: string } | null
  /** The parameters without the place in the list. */
  query: Record<string, string | undefined>
}

/** Reads the address; what cannot be read is left out. */
export function readFilter(orgId: string, query: Record<string, string>): AskedResources {
  const { q, after, ...ask } = asked.parse({ q: '', type: '', service: '', region: '', tag: '', ...query })
  const [key, ...value] = ask.tag.split('=')
  const [totalCost, afterId] = after?.split('~') ?? []
  return {
    text: q,
    after: totalCost && afterId ? { totalCost, id: afterId } : null,
    query: { ...ask },
    filter: {
      orgId,
      ...(ask.pool ? { poolId: ask.pool } : {}),
      ...(ask.owner ? { ownerId: ask.owner === 'none' ? null : ask.owner } : {}),
      ...(ask.account ? { accountId: ask.account } : {}),
      ...(ask.type ? { type: ask.type } : {}),
      ...(ask.service ? { service: ask.service } : {}),
      ...(ask.region ? { region: ask.region } : {}),
      ...(ask.active ? { active: ask.active === 'yes' } : {}),
      ...(key && value.length ? { tag: { key, value: value.join('=') } } : {}),
    },
  }
}
