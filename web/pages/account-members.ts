import { listSubAccounts, type SubAccount } from '../../db/queries/account-facts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Context } from '../../engine/context.ts'
import type { View } from '../env.ts'
import { link, money, quiet, table, type Content } from '../parts.ts'

/** More accounts than that in one bill are a matter for the spend page. */
const most = 100

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
              : link(`/accounts?cloud=${account.cloud}&link=${encodeURIComponent(number)}`, 'Connect this account'),
        },
      ],
      found,
      { caption: 'Accounts whose costs come in this bill, the dearest first', empty: '' },
    ),
    quiet('Their costs stay here. Connected, an account also shows what it holds.'),
  ]
}
