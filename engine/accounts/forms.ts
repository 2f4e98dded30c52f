import type { z } from 'zod'
import type { Cloud } from '../../db/vocabulary.ts'
import type { Context } from '../context.ts'

/** The form of a cloud: what to ask, and the policy that grants what is read. */
export type ConnectForm = {
  cloud: Cloud
  title: string
  fields: { name: string; label: string; secret: boolean; example: string | null }[]
  policy: string | null
}

/** The connect form of every cloud that has an adapter here. */
export function listConnectForms(ctx: Pick<Context, 'outside'>): ConnectForm[] {
  return Object.values(ctx.outside.clouds).map(({ kind, title, credentials, policy }) => ({
    cloud: kind,
    title,
    policy: policy ?? null,
    fields: Object.entries(credentials.shape as Record<string, z.ZodType>).map(([name, field]) => {
      const { label = name, secret = false, example = null } = (field.meta() ?? {}) as Partial<ConnectForm['fields'][0]>
      return { name, label, secret, example }
    }),
  }))
}
