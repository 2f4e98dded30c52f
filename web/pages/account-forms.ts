import { Hono } from 'hono'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { listConnectForms, type ConnectForm } from '../../engine/accounts/forms.ts'
import { removeAccount } from '../../engine/accounts/remove.ts'
import { updateAccount } from '../../engine/accounts/update.ts'
import type { Context } from '../../engine/context.ts'
import { invalid, notFound } from '../../engine/errors.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, textInput, tick } from '../form-parts.ts'
import { block, fold, type Content } from '../parts.ts'
import { inputsOf, withPrefix } from './connect.ts'

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
        const given = {
          name: {
            name: values['name'] ?? '',
            autoImport: values['autoImport'] === 'on',
            processRecommendations: values['processRecommendations'] === 'on',
          },
          key: { credentials: withPrefix(values, 'key.') },
          bill: { settings: withPrefix(values, 'bill.') },
        }[part ?? '']
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

/** The account of an address, or NotFound. */
export async function readAccount(ctx: Context, id: string): Promise<Account> {
  const found = await findAccount(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('There is no such account in this organization.')
  return found
}

/** What may be changed about an account. */
export function changes(ctx: Context, { found, view }: { found: Account; view: View }): Content {
  const action = `/accounts/${found.id}/change`
  const asked = listConnectForms(ctx).find((one) => one.cloud === found.cloud)
  const key = ({ credentials, policy, powerPolicy }: ConnectForm) => [
    inputsOf(credentials, { prefix: 'key.' }),
    policy ? fold('The rights the key needs', block(policy)) : null,
    powerPolicy ? fold('Besides, for power schedules only', block(powerPolicy)) : null,
  ]
  const bill = ({ settings }: ConnectForm) => inputsOf(settings, { prefix: 'bill.', values: found.settings })
  const about = { name: 'change', action, submit: 'Save', tone: 'plain' } as const
  return [
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
    asked ? fold('Key', form(view, { ...about, hidden: { part: 'key' }, more: key(asked) })) : null,
    asked?.settings.length ? fold('Bill', form(view, { ...about, hidden: { part: 'bill' }, more: bill(asked) })) : null,
    fold('Disconnect', [
      'Its key, resources, costs and monitoring are erased. This cannot be taken back; the cloud itself is not touched.',
      postButton(view, { action: `/accounts/${found.id}/remove`, submit: `Disconnect ${found.name}`, tone: 'danger' }),
    ]),
  ]
}
