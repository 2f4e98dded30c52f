import { Hono } from 'hono'
import { z } from 'zod'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listImports } from '../../db/queries/imports.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { can } from '../../engine/access.ts'
import { ConnectAccount, connectAccount } from '../../engine/accounts/connect.ts'
import { listConnectForms, type ConnectForm } from '../../engine/accounts/forms.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { dayOf, monthOf } from '../../engine/time.ts'
import { cloudNames, healthBadge, importTable, isUnderWay } from '../account-parts.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, select, textInput } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  ago,
  block,
  columns,
  fold,
  link,
  money,
  notice,
  quiet,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'

const byHand = z.enum(['focus', 'aws', 'azure', 'gcp', 'alibaba'])

/** The connected accounts: how they are, what they cost, and how to add one. */
export const accounts = new Hono<WebEnv>()
  .get('/accounts', async (c) => {
    const { ctx, view } = c.var
    const today = dayOf(view.now)
    const [all, imports, costs, manages] = await Promise.all([
      listAccounts(ctx.db, { orgId: ctx.orgId }),
      listImports(ctx.db, { orgId: ctx.orgId, limit: 10 }),
      breakdown(ctx, {
        scope: {},
        groupBy: 'account',
        range: { from: monthOf(today), to: today },
        grain: 'month',
        top: 1000,
      }),
      can(ctx, 'manage_accounts'),
    ])
    const cost = new Map(costs.groups.map(({ key, total }) => [key, total]))
    const names = new Map(all.map(({ id, name }) => [id, name]))
    return show(
      c,
      'Accounts',
      [
        section('Connected accounts', accountTable(all, { view, cost })),
        section('Latest imports', importTable(imports, { view, names })),
        manages
          ? section('Connect an account', [
              notice('plain', 'Only reading is asked for. Keys are stored encrypted and shown to nobody.'),
              columns([...listConnectForms(ctx).map((one) => connectForm(one, view)), uploadOnly(view)]),
            ])
          : null,
      ],
      {
        lead: 'Where costs and inventory come from.',
        refresh: imports.some(isUnderWay) ? 5 : undefined,
      },
    )
  })
  .post('/accounts', (c) =>
    act(c, {
      back: '/accounts',
      form: `connect-${c.req.query('cloud') ?? ''}`,
      secrets: listConnectForms(c.get('ctx')).flatMap(({ fields }) =>
        fields.filter((field) => field.secret).map(({ name }) => `key.${name}`),
      ),
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

function accountTable(all: Account[], { view, cost }: { view: View; cost: Map<string, string> }): Content {
  return table<Account>(
    [
      {
        title: 'Account',
        head: true,
        cell: (one) =>
          twoLines(link(`/accounts/${one.id}`, one.name), `${cloudNames[one.cloud]} · ${one.cloudAccountId}`),
      },
      { title: 'Health', cell: healthBadge },
      { title: 'Last bill', cell: (one) => ago(one.lastImportAt, view.now) },
      { title: 'This month', number: true, cell: (one) => money(cost.get(one.id) ?? '0', view.organization.currency) },
    ],
    all,
    { caption: 'Connected accounts', empty: 'No account is connected yet. Connect one below, or upload a bill.' },
  )
}

/** Inputs for where an AWS bill lies; other clouds find theirs by the key. */
export const billInputs = (cloud: string, settings: Record<string, string> = {}): Content =>
  cloud === 'aws'
    ? fold(
        'Where the bill lies',
        [
          textInput('bill.bucket', 'Bucket', { value: settings['bucket'] }),
          textInput('bill.prefix', 'Prefix', { value: settings['prefix'] }),
          textInput('bill.report', 'Report name', { value: settings['report'] }),
          textInput('bill.region', 'Region of the bucket', { value: settings['region'] }),
        ],
        Object.keys(settings).length > 0,
      )
    : null

/** Inputs for the key of a cloud; secrets are never filled in. */
export const keyInputs = (fields: ConnectForm['fields'], kept: Record<string, string> = {}): Content =>
  fields.map(({ name, label, secret, example }) =>
    textInput(`key.${name}`, label, {
      required: true,
      type: secret ? 'password' : 'text',
      value: secret ? '' : kept[`key.${name}`],
      ...(example ? { placeholder: example } : {}),
    }),
  )

function connectForm({ cloud, title, fields, policy }: ConnectForm, view: View): Content {
  const name = `connect-${cloud}`
  const kept = view.flash?.form === name ? view.flash.values : {}
  return form(view, {
    name,
    action: `/accounts?cloud=${cloud}`,
    submit: `Connect ${title}`,
    hidden: { cloud },
    more: [
      textInput('name', 'Name', { required: true, value: kept?.['name'], placeholder: `${title} production` }),
      keyInputs(fields, kept),
      billInputs(cloud, withPrefix(kept ?? {}, 'bill.')),
      policy ? fold('The rights the key needs', block(policy)) : null,
    ],
  })
}

function uploadOnly(view: View): Content {
  return form(view, {
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
}
