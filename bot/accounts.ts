/** Cloud accounts in words: which one is meant, the fields its cloud asks for, and how connecting goes on. */
import { z } from 'zod'
import { listAccounts } from '../db/queries/cloud-accounts.ts'
import type { Account } from '../db/schema/cloud-accounts.ts'
import { sayMissing } from '../engine/accounts/check.ts'
import { connectAccount, type ConnectAccount } from '../engine/accounts/connect.ts'
import { sayGathering } from '../engine/accounts/holders.ts'
import { getConnectForm, type FormField } from '../engine/accounts/forms.ts'
import type { Preview } from '../engine/accounts/preview.ts'
import { notFound } from '../engine/errors.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { done, UnclearError, type Done } from './reply.ts'
import { count } from './words.ts'

/** The account a person means by its name or number; several that fit are asked back, NotFound when none does. */
export async function accountNamed(ctx: BotContext, text: string, command: (name: string) => string): Promise<Account> {
  const all = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const wanted = text.trim().toLowerCase()
  const exact = all.filter(({ name, cloudAccountId }) => [name.toLowerCase(), cloudAccountId].includes(wanted))
  const fitting = exact.length ? exact : all.filter(({ name }) => name.toLowerCase().includes(wanted))
  if (fitting.length === 1) return fitting[0]!
  if (fitting.length === 0)
    throw notFound(`No account is called “${text.slice(0, 60)}”. Nothing was changed.`, {
      next: 'Type `accounts` to see all of them.',
    })
  throw new UnclearError(
    `Several accounts are called like “${text.slice(0, 60)}”.`,
    fitting.slice(0, 5).map(({ name }) => ({ label: name, command: command(quote(name)) })),
  )
}

/** One way into a cloud, as it is carried by buttons and dialogs. */
export const wayOf = ({ cloud = 'aws', way = '0' }: Record<string, string>) => ({ cloud, way: Number(way) })

/** What is typed of one way in, as inputs of a dialog; labels and secrets come from the cloud's own form. */
export function wayFields(ctx: Parameters<typeof getConnectForm>[0], facts: Record<string, string>): z.ZodObject {
  const { cloud, way } = wayOf(facts)
  const { ways } = getConnectForm(ctx, cloud)
  return z.object(Object.fromEntries((ways[way] ?? ways[0]!).fields.flatMap(inputOf)))
}

function inputOf({ name, label, secret, example, given, required }: FormField): [string, z.ZodType][] {
  if (given) return []
  const field = required ? z.string().min(1) : z.string().optional()
  return [[name, field.meta({ label, secret, ...(example ? { placeholder: example } : {}) })]]
}

/** What was typed into the fields of the way in. */
export function typedOf(ctx: BotContext, facts: Record<string, string>, values: Record<string, unknown>) {
  const names = Object.keys(wayFields(ctx, facts).shape)
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
}

/** Connects, and says what happens next. */
export async function connectAndTell(ctx: BotContext, asked: ConnectAccount): Promise<Done> {
  const made = await connectAccount(ctx, { ...asked, despite: true })
  const what = made.billOrigin === 'payer' ? 'Its inventory is' : 'Inventory and bill are'
  const said = [`${made.name} is connected. ${what} being read now.`, await sayGathering(ctx, made)]
  return done(said.filter(Boolean).join(' '), {
    subject: { kind: 'account', id: made.id },
    next: { label: 'Show Account', verb: 'show-account', id: made.id },
  })
}

/** What is still to decide, in sentences. */
export const sayOpen = ({ cloudAccountId, missing, reports, setup }: Preview): string[] => [
  `Signing in works: it belongs to ${cloudAccountId}. Nothing is connected yet.`,
  ...(missing.length ? [`${sayMissing(missing)} Add what is missing and start again, or connect without.`] : []),
  ...(reports.length ? [`${count(reports.length, 'report')} may be its bill; pick one.`] : []),
  ...(setup ? ['No report was found. To have one written:', ...setup.steps.map((step, n) => `${n + 1}. ${step}`)] : []),
]

/** "daily (report, 13 months) in bills/cur; it has no resource ids". */
export function sayReport({ name, kind, settings, months, flaws = [] }: Preview['reports'][number]): string {
  const place = [settings['bucket'], settings['prefix']].filter(Boolean).join('/')
  const size = months.length ? `, ${count(months.length, 'month')}` : ''
  return [`${name} (${kind}${size}) in ${place}`, ...flaws].join('; ')
}
