import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listImports } from '../../db/queries/imports.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { can } from '../../engine/access.ts'
import { listConnectForms, type ConnectForm } from '../../engine/accounts/forms.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { dayOf, monthOf } from '../../engine/time.ts'
import { cloudNames, healthBadge, importTable } from '../account-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { connectForm, uploadOnly, type Preset } from './connect.ts'
import { show } from '../layout.ts'
import { ago, link, money, notice, place, section, table, twoLines, type Content } from '../parts.ts'

/** The connected accounts: how they are, what they cost, and how to add one. */
export const accounts = new Hono<WebEnv>().get('/accounts', async (c) => {
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
        ? place(
            'connect',
            section('Connect an account', [
              notice('plain', 'Only reading is asked for. Keys are stored encrypted and shown to nobody.'),
              listConnectForms(ctx).map((one) => connectForm(one, { view, preset: presetOf(one, c.req.query()) })),
              uploadOnly(view),
            ]),
          )
        : null,
    ],
    {
      lead: 'Where costs and inventory come from.',
    },
  )
})

/** `?link=<number>&cloud=aws`: an account found in the bill of another one. */
function presetOf({ cloud }: ConnectForm, { link, cloud: asked }: Record<string, string>): Preset {
  const isMeant = link !== undefined && /^[\w-]{1,64}$/.test(link) && asked === cloud
  return isMeant ? { name: `${cloudNames[cloud]} ${link}`, billOrigin: 'payer' } : null
}

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
      {
        title: 'Effective cost this month',
        number: true,
        cell: (one) => money(cost.get(one.id) ?? '0', view.organization.currency),
      },
    ],
    all,
    { caption: 'Connected accounts', empty: 'No account is connected yet. Connect one below, or upload a bill.' },
  )
}
