import { Hono } from 'hono'
import { z } from 'zod'
import { ConnectAccount, connectAccount } from '../../engine/accounts/connect.ts'
import { type ConnectForm, type FormField } from '../../engine/accounts/forms.ts'
import { cloudNames } from '../account-parts.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, select, textInput } from '../form-parts.ts'
import { block, fold, quiet, type Content } from '../parts.ts'

const byHand = z.enum(['focus', 'aws', 'azure', 'gcp', 'alibaba'])

/** The act behind the forms that connect an account. */
export const connect = new Hono<WebEnv>().post('/accounts', (c) =>
  act(c, {
    back: '/accounts',
    form: `connect-${c.req.query('cloud') ?? ''}`,
    run: async (ctx, values) => {
      const { cloud } = ConnectAccount.pick({ cloud: true }).parse(values)
      const made = await connectAccount(ctx, {
        cloud,
        name: values['name'] ?? '',
        credentials: withPrefix(values, 'key.'),
        settings: withPrefix(values, 'bill.'),
        ...(values['number'] ? { cloudAccountId: values['number'] } : {}),
      })
      const next = made.credentials ? 'Inventory and bill are being read now.' : 'Upload its first bill here.'
      return { say: `${made.name} is connected.`, next, goTo: `/accounts/${made.id}` }
    },
  }),
)

/** Values of the inputs whose name begins so, without the empty ones. */
export const withPrefix = (values: Record<string, string>, prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== '' ? [[name.slice(prefix.length), value]] : [],
    ),
  )

/** Inputs for a key or for where a bill lies; secrets are never filled in. */
export const inputsOf = (
  fields: FormField[],
  { prefix, values = {} }: { prefix: string; values?: Record<string, string> },
): Content =>
  fields.map(({ name, label, secret, required, example }) =>
    textInput(prefix + name, label, {
      required,
      type: secret ? 'password' : 'text',
      value: secret ? '' : values[name],
      ...(example ? { placeholder: example } : {}),
    }),
  )

/** The form that connects an account by its key. */
export function connectForm(
  { cloud, title, credentials, settings, policy, powerPolicy }: ConnectForm,
  view: View,
): Content {
  const name = `connect-${cloud}`
  const kept = (view.flash?.form === name && view.flash.values) || {}
  const optional = settings.map((field) => ({ ...field, required: false }))
  const asked = form(view, {
    name,
    action: `/accounts?cloud=${cloud}`,
    submit: `Connect ${title}`,
    hidden: { cloud },
    more: [
      textInput('name', 'Name', { required: true, value: kept['name'], placeholder: `${title} production` }),
      inputsOf(credentials, { prefix: 'key.', values: withPrefix(kept, 'key.') }),
      settings.length
        ? fold('Where the bill lies', inputsOf(optional, { prefix: 'bill.', values: withPrefix(kept, 'bill.') }))
        : null,
      policy ? fold('The rights the key needs', block(policy)) : null,
      powerPolicy ? fold('Besides, for power schedules only', block(powerPolicy)) : null,
    ],
  })
  return fold(title, asked, view.flash?.form === name)
}

/** The form that adds an account whose bills are uploaded by hand. */
export function uploadOnly(view: View): Content {
  const asked = form(view, {
    name: 'connect-',
    action: '/accounts',
    submit: 'Add for uploads',
    tone: 'plain',
    more: [
      quiet(
        'No key at hand? Add the account by name and upload its bills: FOCUS 1.0 to 1.2, or AWS cost and usage reports.',
      ),
      select('cloud', 'Bills of', { choices: byHand.options.map((value) => ({ value, label: cloudNames[value] })) }),
      textInput('name', 'Name', { required: true }),
      textInput('number', 'Account number', { placeholder: 'optional' }),
    ],
  })
  return fold('Bills uploaded by hand', asked, view.flash?.form === 'connect-')
}
