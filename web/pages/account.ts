import { Hono } from 'hono'
import { listSubAccounts } from '../../db/queries/account-facts.ts'
import { listBillScopes } from '../../db/queries/cloud-accounts.ts'
import { listImports } from '../../db/queries/imports.ts'
import type { BillScope } from '../../db/schema/cloud-accounts.ts'
import { can } from '../../engine/access.ts'
import { readNotes, type ReadNote } from '../../engine/accounts/health.ts'
import { partTitle, sayProblems, type SaidProblem } from '../../engine/accounts/problems.ts'
import { cloudNames, healthNotice, importTable } from '../account-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { titleOf } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  columns,
  fold,
  linkButton,
  money,
  moment,
  pager,
  plural,
  quiet,
  sayDay,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { changes, readAccount } from './account-forms.ts'
import { members } from './account-members.ts'
import { upload } from './account-upload.ts'
import { spendFigure } from './spend-figure.ts'

const pageSize = 20
/** More accounts than that in one bill are a matter for the spend page. */
const mostMembers = 100

/** One account: its health, its bills, what was read, and what may be changed. */
export const account = new Hono<WebEnv>().get('/accounts/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await readAccount(ctx, c.req.param('id'))
  const before = c.req.query('before')
  const [imports, scopes, inside, notes, figure, manages] = await Promise.all([
    listImports(ctx.db, {
      orgId: ctx.orgId,
      accountId: found.id,
      limit: pageSize + 1,
      ...(isInstant(before) ? { before: new Date(before) } : {}),
    }),
    listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: found.id }),
    listSubAccounts(ctx.db, { orgId: ctx.orgId, accountId: found.id, limit: mostMembers }),
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
            section('Effective cost by service, last 30 days', figure),
            section('Imports', [
              importTable(page, { view }),
              pager({ first: before ? `/accounts/${found.id}` : null, next }),
            ]),
            section('Billing periods', periods(scopes, view)),
            inside.length ? section('Accounts in this bill', members(inside, { account: found, view })) : null,
          ],
          [
            manages ? section('Upload a bill', upload(found, view)) : null,
            section('What was read', notesTable(notes, view)),
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

const isInstant = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text))

function periods(scopes: BillScope[], view: View): Content {
  const { currency } = view.organization
  return table<BillScope>(
    [
      { title: 'Period', head: true, cell: (one) => one.period.slice(0, 7) },
      { title: 'Days', cell: (one) => `${sayDay(one.firstDay)} – ${sayDay(one.lastDay)}` },
      { title: 'Lines', number: true, cell: (one) => one.lines.toLocaleString('en-US') },
      { title: 'Billed', number: true, cell: (one) => money(one.billed, currency) },
      { title: 'Effective', number: true, cell: (one) => money(one.effective, currency) },
      { title: 'Read', cell: (one) => moment(one.importedAt, view) },
    ],
    scopes,
    { caption: 'Billing periods that are visible', empty: 'No period is visible yet.' },
  )
}

/** What could not be read, each problem once with what to do, else the parts and when they were read. */
function notesTable(notes: ReadNote[], view: View): Content {
  const bad = notes.filter(({ problem }) => problem)
  const parts = [...Map.groupBy(notes, ({ part }) => part)]
  const read = table<[string, ReadNote[]]>(
    [
      { title: 'Part', head: true, cell: ([part, places]) => twoLines(titleOf(partTitle(part)), regionsOf(places)) },
      { title: 'Read', cell: ([, places]) => moment(earliest(places), view) },
    ],
    parts,
    {
      caption: 'Parts of the account and when they were read',
      empty: 'Nothing was read by key; costs come from uploaded bills.',
    },
  )
  if (bad.length === 0) return read
  const problems = table<SaidProblem>(
    [
      { title: 'Not read', head: true, cell: ({ what, where }) => twoLines(what, where) },
      { title: 'What to do', cell: ({ next }) => next },
    ],
    sayProblems(bad),
    { caption: 'What could not be read of the account and what to do', empty: '' },
  )
  const count = `${bad.length} of ${notes.length} parts could not be read; what was known of them stays.`
  return [problems, quiet(count), fold('All parts', read)]
}

const regionsOf = (places: ReadNote[]): string => {
  const named = places.filter(({ region }) => region)
  return named.length > 1 ? plural(named.length, 'region') : (named[0]?.region ?? '')
}

/** The part is as fresh as the region read longest ago; null while one was never read. */
function earliest(places: ReadNote[]): Date | null {
  const times = places.map(({ readAt }) => readAt)
  return times.reduce((oldest, at) => (oldest && at && at < oldest ? at : oldest && at ? oldest : null))
}
