import { listPayerBills, listSubAccounts, type PayerBill, type SubAccount } from '../../db/queries/account-facts.ts'
import { listDoubleBills } from '../../db/queries/double-bills.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Context } from '../../engine/context.ts'
import type { View } from '../env.ts'
import { link, money, notice, quiet, table, type Content } from '../parts.ts'

/** More accounts than that in one bill are a matter for the spend page. */
const most = 100

/** The bills that charge for this account, because others pay for it. Null when there are none. */
export async function payers(ctx: Context, { account, view }: { account: Account; view: View }): Promise<Content> {
  const found = await listPayerBills(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  if (found.length === 0) return null
  const all = await listDoubleBills(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  const twice = all.filter(({ linkedId }) => linkedId === account.id)
  return [
    ...twice.map(({ payerName, from, to }) =>
      notice(
        'warn',
        `Its own bill and that of ${payerName} both charge it from ${from} to ${to}, so these costs count twice.`,
        'Under Change, Bill, say that its costs come in the bill of the account that pays for it: its own then gives way.',
      ),
    ),
    table<PayerBill>(
      [
        { title: 'Paid by', head: true, cell: ({ payerId, name }) => link(`/accounts/${payerId}`, name) },
        { title: 'Month', cell: ({ month }) => month.slice(0, 7) },
        {
          title: 'Effective cost of this account',
          number: true,
          cell: ({ effective }) => money(effective, view.organization.currency),
        },
      ],
      found,
      { caption: 'Bills that charge for this account', empty: '' },
    ),
    quiet('Costs stay in the bill that charges them; the resources are here.'),
  ]
}

/** The accounts inside a bill: their costs stay with the payer; connecting one adds its inventory. Null when there are none. */
export async function members(ctx: Context, { account, view }: { account: Account; view: View }): Promise<Content> {
  const { orgId } = ctx
  const found = await listSubAccounts(ctx.db, { orgId, accountId: account.id, limit: most })
  if (found.length === 0) return null
  return [
    table<SubAccount>(
      [
        {
          title: 'Account',
          head: true,
          cell: ({ number, accountId, name }) => (accountId ? link(`/accounts/${accountId}`, name) : number),
        },
        {
          title: `Effective cost in ${found[0]!.month.slice(0, 7)}`,
          number: true,
          cell: ({ effective }) => money(effective, view.organization.currency),
        },
        {
          title: 'Inventory',
          cell: ({ number, accountId }) =>
            accountId
              ? quiet('connected')
              : link(
                  `/accounts?cloud=${account.cloud}&link=${encodeURIComponent(number)}#connect`,
                  'Connect this account',
                ),
        },
      ],
      found,
      { caption: 'Accounts whose costs come in this bill, the dearest first', empty: '' },
    ),
    quiet(
      'Their costs stay in this bill. Connected, an account holds its resources itself, in a pool of its own, and shows which of them live.',
    ),
  ]
}
