import { Hono, type Context as Request } from 'hono'
import { z } from 'zod'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { billOrigins } from '../../db/vocabulary.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { listConnectForms, waysOf, type ConnectForm } from '../../engine/accounts/forms.ts'
import { countRemoval, removeAccount, sayRemoval } from '../../engine/accounts/remove.ts'
import { updateAccount, type UpdateAccount } from '../../engine/accounts/update.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { act } from '../act.ts'
import { credentialsOf, inputsOf, originInput, rights, wayInputs, withPrefix } from '../connect-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, textInput, tick, ticked } from '../form-parts.ts'
import { fold, quiet, row, type Content } from '../parts.ts'

/** The acts behind the forms of an account. */
export const accountActs = new Hono<WebEnv>()
  .post('/accounts/:id/name', (c) =>
    change(c, 'name', (values) => ({
      name: values['name'] ?? '',
      autoImport: values['autoImport'] === 'on',
      processRecommendations: values['processRecommendations'] === 'on',
    })),
  )
  .post('/accounts/:id/key', (c) =>
    change(c, 'key', (values) => ({ credentials: credentialsOf(values), despite: values['despite'] === 'on' })),
  )
  .post('/accounts/:id/bill', (c) =>
    change(c, 'bill', (values) => {
      const origin = z.enum(billOrigins).safeParse(values['billOrigin'])
      return { settings: withPrefix(values, 'bill.'), ...(origin.success ? { billOrigin: origin.data } : {}) }
    }),
  )
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

async function change(
  c: Request<WebEnv>,
  form: 'name' | 'key' | 'bill',
  given: (values: Record<string, string>) => Omit<UpdateAccount, 'accountId'>,
): Promise<Response> {
  const { id } = await readAccount(c.var.ctx, c.req.param('id')!)
  return act(c, {
    back: `/accounts/${id}`,
    form,
    run: async (ctx, values) => {
      const changed = await updateAccount(ctx, { accountId: id, ...given(values) })
      return `${changed.name} was changed.${form === 'name' ? '' : ' Everything is read again now.'}`
    },
  })
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
  const about = { submit: 'Save', tone: 'plain' } as const
  const refused = view.flash?.form
  return [
    found.credentials ? switches({ found, view }) : null,
    fold(
      'Name and switches',
      form(view, {
        ...{ ...about, name: 'name', action: `/accounts/${found.id}/name` },
        more: (typed) => [
          textInput('name', 'Name', { value: typed?.['name'] ?? found.name, required: true }),
          tick('autoImport', 'Read the bill by itself', ticked(typed, 'autoImport', found.autoImport)),
          tick(
            'processRecommendations',
            'Look for savings',
            ticked(typed, 'processRecommendations', found.processRecommendations),
          ),
        ],
      }),
      refused === 'name',
    ),
    asked ? fold('Key or role', keyForms(ctx, asked, { found, view }), refused === 'key') : null,
    asked?.settings.length
      ? fold(
          'Bill',
          form(view, {
            ...{ ...about, name: 'bill', action: `/accounts/${found.id}/bill` },
            more: (typed) => [
              originInput(asked, typed?.['billOrigin'] ?? found.billOrigin),
              inputsOf(
                asked.settings.map((field) => ({ ...field, required: false })),
                { prefix: 'bill.', values: typed ? withPrefix(typed, 'bill.') : found.settings },
              ),
            ],
          }),
          refused === 'bill',
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
  asked.ways.map((way, n) => {
    const wasThis = view.flash?.form === 'key' && view.flash.values?.['way'] === String(n)
    const body = form(view, {
      ...{ name: 'key', action: `/accounts/${found.id}/key`, submit: 'Check and save', tone: 'plain' },
      hidden: { way: String(n) },
      more: (typed) => [
        wayInputs(way, wasThis ? typed : null),
        tick('despite', 'Save it even if permissions are missing', wasThis && typed?.['despite'] === 'on'),
      ],
    })
    return asked.ways.length === 1 ? body : fold(way.title, body, wasThis)
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
