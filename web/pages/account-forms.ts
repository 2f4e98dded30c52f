import { Hono } from 'hono'
import { z } from 'zod'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { billOrigins } from '../../db/vocabulary.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { listConnectForms, waysOf, type ConnectForm } from '../../engine/accounts/forms.ts'
import { countRemoval, removeAccount, sayRemoval } from '../../engine/accounts/remove.ts'
import { updateAccount, type UpdateAccount } from '../../engine/accounts/update.ts'
import type { Context } from '../../engine/context.ts'
import { invalid, notFound } from '../../engine/errors.ts'
import { act, chosen } from '../act.ts'
import { credentialsOf, inputsOf, originInput, rights, wayInputs, withPrefix } from '../connect-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, textInput, tick } from '../form-parts.ts'
import { fold, quiet, row, type Content } from '../parts.ts'

/** The acts behind the forms of an account. */
export const accountActs = new Hono<WebEnv>()
  .post('/accounts/:id/change', async (c) => {
    const { ctx } = c.var
    const { id } = await readAccount(ctx, c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      form: 'change',
      run: async (ctx, values) => {
        const { part } = values
        const given = changeOf(values)
        if (!given) throw invalid('This form is not known. Nothing was changed.')
        const changed = await updateAccount(ctx, { accountId: id, ...given })
        return `${changed.name} was changed.${part === 'name' ? '' : ' Everything is read again now.'}`
      },
    })
  })
  .post('/accounts/:id/remove', async (c) => {
    const { id, name } = await readAccount(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      run: async (ctx) => {
        await removeAccount(ctx, { accountId: id })
        return {
          say: `${name} is disconnected. Its pool and the audit trail stay; the cloud was not touched.`,
          goTo: '/accounts',
        }
      },
    })
  })

function changeOf(values: Record<string, string>) {
  const origin = z.enum(billOrigins).safeParse(values['billOrigin'])
  const given: Record<string, Omit<UpdateAccount, 'accountId'>> = {
    name: {
      name: values['name'] ?? '',
      autoImport: values['autoImport'] === 'on',
      processRecommendations: values['processRecommendations'] === 'on',
    },
    key: { credentials: credentialsOf(values), despite: values['despite'] === 'on' },
    bill: { settings: withPrefix(values, 'bill.'), ...(origin.success ? { billOrigin: origin.data } : {}) },
  }
  return chosen(given, values['part'] ?? '')
}

/** The account of an address, or NotFound. */
export async function readAccount(ctx: Context, id: string): Promise<Account> {
  const found = await findAccount(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('There is no such account in this organization.')
  return found
}

type Of = { found: Account; view: View }

/** What may be changed about an account. */
export async function changes(ctx: Context, { found, view }: Of): Promise<Content> {
  const asked = listConnectForms(ctx).find((one) => one.cloud === found.cloud)
  const about = { name: 'change', action: `/accounts/${found.id}/change`, submit: 'Save', tone: 'plain' } as const
  return [
    found.credentials ? switches({ found, view }) : null,
    fold(
      'Name and switches',
      form(view, {
        ...about,
        hidden: { part: 'name' },
        more: [
          textInput('name', 'Name', { value: found.name, required: true }),
          tick('autoImport', 'Read the bill by itself', found.autoImport),
          tick('processRecommendations', 'Look for savings', found.processRecommendations),
        ],
      }),
    ),
    asked ? fold('Key or role', keyForms(ctx, asked, { found, view })) : null,
    asked?.settings.length
      ? fold(
          'Bill',
          form(view, {
            ...about,
            hidden: { part: 'bill' },
            more: [
              originInput(asked, found.billOrigin),
              inputsOf(
                asked.settings.map((field) => ({ ...field, required: false })),
                { prefix: 'bill.', values: found.settings },
              ),
            ],
          }),
        )
      : null,
    fold('Disconnect', await removal(ctx, { found, view })),
  ]
}

/** How it signs in now, without what is secret. */
function nowSigningIn(ctx: Context, found: Account): Content {
  const { ways, now, shown } = waysOf(ctx, found)
  if (now === null) return quiet('It has no key or role yet.')
  return quiet(`Now: ${[ways[now]!.title, ...shown].join(' ')}. It stays until the new one is checked.`)
}

/** The old key stays until the new one is checked. */
const keyForms = (ctx: Context, asked: ConnectForm, { found, view }: Of): Content => [
  nowSigningIn(ctx, found),
  asked.ways.map((way) => {
    const body = form(view, {
      ...{ name: 'change', action: `/accounts/${found.id}/change`, submit: 'Check and save', tone: 'plain' },
      hidden: { part: 'key' },
      more: [wayInputs(way), tick('despite', 'Save it even if permissions are missing', false)],
    })
    return asked.ways.length === 1 ? body : fold(way.title, body)
  }),
  rights(asked),
]

const switches = ({ found, view }: Of): Content =>
  row([
    postButton(view, { action: `/accounts/${found.id}/check`, submit: 'Check again' }),
    found.pausedAt
      ? postButton(view, { action: `/accounts/${found.id}/resume`, submit: 'Resume' })
      : postButton(view, { action: `/accounts/${found.id}/pause`, submit: 'Pause' }),
  ])

async function removal(ctx: Context, { found, view }: Of): Promise<Content> {
  return [
    sayRemoval(await countRemoval(ctx, { accountId: found.id })).join(' '),
    postButton(view, { action: `/accounts/${found.id}/remove`, submit: `Disconnect ${found.name}`, tone: 'danger' }),
  ]
}
