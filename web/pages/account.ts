import { Hono } from 'hono'
import { listBillScopes } from '../../db/queries/cloud-accounts.ts'
import { listImports } from '../../db/queries/imports.ts'
import { can } from '../../engine/access.ts'
import { readNotes } from '../../engine/accounts/health.ts'
import { cloudNames, healthNotice, importTable } from '../account-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { columns, linkButton, money, moment, pager, sayDay, section, table, type Content } from '../parts.ts'
import { askedInstant } from '../times.ts'
import { changes, readAccount } from './account-forms.ts'
import { members, payers } from './account-members.ts'
import { believing, notesTable } from './account-notes.ts'
import { upload } from './account-upload.ts'
import { spendFigure } from './spend-figure.ts'

const pageSize = 20
type BillScope = Awaited<ReturnType<typeof listBillScopes>>[number]

/** One account: its health, its bills, what was read, and what may be changed. */
export const account = new Hono<WebEnv>().get('/accounts/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await readAccount(ctx, c.req.param('id'))
  const before = askedInstant(c.req.query('before'))
  const [imports, scopes, inside, paid, notes, figure, manages] = await Promise.all([
    listImports(ctx.db, {
      orgId: ctx.orgId,
      accountId: found.id,
      limit: pageSize + 1,
      ...(before ? { before } : {}),
    }),
    listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: found.id }),
    members(ctx, { account: found, view }),
    payers(ctx, { account: found, view }),
    readNotes(ctx, { accountId: found.id }),
    spendFigure(ctx, { scope: { accountId: found.id }, view }),
    can(ctx, 'manage_accounts'),
  ])
  const page = imports.slice(0, pageSize)
  const next = imports.length > pageSize ? `/accounts/${found.id}?before=${page.at(-1)!.createdAt.toISOString()}` : null
  return show(
    c,
    found.name,
    [
      healthNotice(found),
      columns(
        [
          [
            paid && scopes.length === 0 ? null : section('Effective cost by service, last 30 days', figure),
            paid ? section('Who pays for it', paid) : null,
            section('Imports', [
              importTable(page, { view }),
              pager({ first: before ? `/accounts/${found.id}` : null, next }),
            ]),
            section('Billing periods', periods(scopes, view)),
            inside ? section('Accounts in this bill', inside) : null,
          ],
          [
            manages ? section('Upload a bill', upload(found, view)) : null,
            section('What was read', notesTable(notes, view), manages ? believing(found, { notes, view }) : null),
            manages ? section('Change', await changes(ctx, { found, view })) : null,
          ],
        ],
        'wide',
      ),
    ],
    {
      trail: [['/accounts', 'Accounts']],
      lead: `${cloudNames[found.cloud]} · ${found.cloudAccountId}`,
      actions: [
        linkButton(`/spend?account=${found.id}`, 'Spend'),
        linkButton(`/resources?account=${found.id}`, 'Resources'),
        linkButton(`/events?kind=account&id=${found.id}`, 'Events'),
      ],
    },
  )
})

function periods(scopes: BillScope[], view: View): Content {
  const { currency } = view.organization
  return table<BillScope>(
    [
      { title: 'Period', head: true, cell: (one) => one.period.slice(0, 7) },
      { title: 'Days', cell: (one) => `${sayDay(one.firstDay)} – ${sayDay(one.lastDay)}` },
      { title: 'Lines', number: true, cell: (one) => one.lines.toLocaleString('en-US') },
      { title: 'Billed cost', number: true, cell: (one) => money(one.billed, currency) },
      { title: 'Effective cost', number: true, cell: (one) => money(one.effective, currency) },
      { title: 'Read', cell: (one) => moment(one.importedAt, view) },
    ],
    scopes,
    { caption: 'Billing periods that are visible', empty: 'No period is visible yet.' },
  )
}
