import type { z } from 'zod'
import type { Cloud } from '../../db/vocabulary.ts'
import type { Context } from '../context.ts'

export type FormField = { name: string; label: string; secret: boolean; required: boolean; example: string | null }

/** The form of a cloud: what to ask about its key and its bill, and the policy that grants what is read. */
export type ConnectForm = {
  cloud: Cloud
  title: string
  credentials: FormField[]
  settings: FormField[]
  policy: string | null
  /** The separate policy of power schedules. */
  powerPolicy: string | null
}

/** The connect form of every cloud that has an adapter here. */
export function listConnectForms(ctx: Pick<Context, 'outside'>): ConnectForm[] {
  return Object.values(ctx.outside.clouds).map(({ kind, title, credentials, settings, policy, powerPolicy }) => ({
    cloud: kind,
    title,
    credentials: fieldsOf(credentials),
    settings: settings ? fieldsOf(settings) : [],
    policy: policy ?? null,
    powerPolicy: powerPolicy ?? null,
  }))
}

function fieldsOf(form: z.ZodObject): FormField[] {
  return Object.entries(form.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const { label = name, secret = false, example = null } = (field.meta() ?? {}) as Partial<FormField>
    return { name, label, secret, required: !field.safeParse(undefined).success, example }
  })
}
