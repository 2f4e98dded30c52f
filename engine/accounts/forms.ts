import type { z } from 'zod'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { CloudError, formsOf } from '../../integrations/cloud.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { notFound, upstream } from '../errors.ts'
import { openIfPossible } from './credentials.ts'
import { externalIdOf } from './external-id.ts'

/** A `given` field is filled in by us and only shown. */
export type FormField = {
  name: string
  label: string
  secret: boolean
  required: boolean
  example: string | null
  given: string | null
}

/** One way to sign in to a cloud. */
export type ConnectWay = { title: string; about: string | null; fields: FormField[] }

/** The form of a cloud: the ways in, what to ask about its bill, and the documents that grant what is read. */
export type ConnectForm = {
  cloud: Cloud
  title: string
  ways: ConnectWay[]
  settings: FormField[]
  hasPayers: boolean
  policy: string | null
  files: { name: string; title: string }[]
}

type Asking = Pick<Context, 'outside' | 'secrets' | 'orgId'>

/** The connect form of every cloud that has an adapter here. */
export function listConnectForms(ctx: Asking): ConnectForm[] {
  const given = { externalId: externalIdOf(ctx) }
  return Object.values(ctx.outside.clouds).map((adapter) => ({
    cloud: adapter.kind,
    title: adapter.title,
    ways: formsOf(adapter.credentials).map((form) => {
      const { label = adapter.title, about = null } = (form.meta() ?? {}) as { label?: string; about?: string }
      return { title: label, about, fields: fieldsOf(form, given) }
    }),
    settings: adapter.settings ? fieldsOf(adapter.settings, given) : [],
    hasPayers: adapter.hasPayers ?? false,
    policy: adapter.policy ?? null,
    files: (adapter.grants?.(given) ?? []).map(({ name, title }) => ({ name, title })),
  }))
}

/**
 * How an account may sign in: the ways of its cloud, which one it uses now (null: none that is known), and what of that is no
 * secret, in words of the form.
 */
export function waysOf(ctx: Asking, account: Account): { ways: ConnectWay[]; now: number | null; shown: string[] } {
  const { ways } = getConnectForm(ctx, account.cloud)
  const credentials = openIfPossible(ctx, account) ?? {}
  const now = ways.findIndex(({ fields }) => fields.every(({ name, required }) => !required || credentials[name]))
  const open = (ways[now]?.fields ?? []).filter(({ secret, given }) => !secret && given === null)
  return {
    ways,
    now: now < 0 ? null : now,
    shown: open.flatMap(({ name }) => credentials[name] ?? []),
  }
}

/** The connect form of one cloud, or NotFound. */
export function getConnectForm(ctx: Asking, cloud: string): ConnectForm {
  const found = listConnectForms(ctx).find((form) => form.cloud === cloud)
  if (!found) throw notFound('This installation cannot connect such a cloud by a key. Nothing was changed.')
  return found
}

function fieldsOf(form: z.ZodObject, filled: Record<string, string>): FormField[] {
  return Object.entries(form.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const meta = (field.meta() ?? {}) as { label?: string; secret?: boolean; example?: string; given?: boolean }
    const { label = name, secret = false, example = null } = meta
    const required = !field.safeParse(undefined).success
    return { name, label, secret, required, example, given: meta.given ? (filled[name] ?? null) : null }
  })
}

/** One of the documents a form offers, as text; NotFound for another name, Upstream when a cloud must say who we are and does not. */
export async function writeGrant(ctx: Context, input: { cloud: Cloud; name: string }): Promise<string> {
  await assertCan(ctx, 'manage_accounts')
  const files = ctx.outside.clouds[input.cloud]?.grants?.({ externalId: externalIdOf(ctx) }) ?? []
  const file = files.find(({ name }) => name === input.name)
  if (!file) throw notFound('There is no such file.')
  return file.content().catch((error: unknown) => {
    throw error instanceof CloudError ? upstream(`${error.message} The file was not made.`) : error
  })
}
