import { Hono } from 'hono'
import { findAccount, listBillScopes } from '../../db/queries/cloud-accounts.ts'
import { listImports } from '../../db/queries/imports.ts'
import type { Account, BillScope } from '../../db/schema/cloud-accounts.ts'
import { assertCan, can } from '../../engine/access.ts'
import { listConnectForms } from '../../engine/accounts/forms.ts'
import { readNotes } from '../../engine/accounts/health.ts'
import { removeAccount } from '../../engine/accounts/remove.ts'
import { updateAccount } from '../../engine/accounts/update.ts'
import type { Context } from '../../engine/context.ts'
import { AppError, invalid, notFound } from '../../engine/errors.ts'
import { uploadBill } from '../../engine/ingest/uploaded-bill.ts'
import { cloudNames, healthNotice, importTable, isUnderWay } from '../account-parts.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { redirectWith } from '../flash.ts'
import { form, postButton, textInput, tick, uploadForm } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  columns,
  fold,
  linkButton,
  money,
  moment,
  pager,
  quiet,
  sayDay,
  section,
  table,
  type Content,
} from '../parts.ts'
import { withUploads } from '../upload.ts'
import { billInputs, keyInputs, withPrefix } from './accounts.ts'
import { spendFigure } from './spend-figure.ts'

const pageSize = 20

/** One account: its health, its bills, what was read, and what may be changed. */
export const account = new Hono<WebEnv>()
  .get('/accounts/:id', async (c) => {
    const { ctx, view } = c.var
    const found = await readAccount(ctx, c.req.param('id'))
    const before = c.req.query('before')
    const [imports, scopes, notes, figure, manages] = await Promise.all([
      listImports(ctx.db, {
        orgId: ctx.orgId,
        accountId: found.id,
        limit: pageSize + 1,
        ...(isInstant(before) ? { before: new Date(before) } : {}),
      }),
      listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: found.id }),
      readNotes(ctx, { accountId: found.id }),
      spendFigure(ctx, { scope: { accountId: found.id }, view }),
      can(ctx, 'manage_accounts'),
    ])
    const page = imports.slice(0, pageSize)
    const next =
      imports.length > pageSize ? `/accounts/${found.id}?before=${page.at(-1)!.createdAt.toISOString()}` : null
    return show(
      c,
      found.name,
      [
        healthNotice(found),
        columns(
          [
            [
              section('Cost by service, last 30 days', figure),
              section('Imports', [
                importTable(page, { view }),
                pager({ first: before ? `/accounts/${found.id}` : null, next }),
              ]),
              section('Billing periods', periods(scopes, view)),
            ],
            [
              manages ? section('Upload a bill', upload(found, view)) : null,
              section('What was read', notesTable(notes, view)),
              manages ? section('Change', changes(ctx, { found, view })) : null,
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
        refresh: imports.some(isUnderWay) ? 5 : undefined,
      },
    )
  })
  .post('/accounts/:id/bills', async (c) => {
    const { ctx } = c.var
    const { id } = await readAccount(ctx, c.req.param('id'))
    await assertCan(ctx, 'manage_accounts')
    try {
      const made = await withUploads(c, (files) => {
        if (files.length === 0) throw invalid('No file was chosen. Nothing was uploaded.', { field: 'files' })
        return uploadBill(ctx, { accountId: id, files })
      })
      return redirectWith(c, `/imports/${made.id}`, { tone: 'good', text: `${made.title} is here and is being read.` })
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'forbidden') throw error
      return redirectWith(c, `/accounts/${id}`, {
        tone: 'bad',
        text: error.message,
        ...(error.detail.next ? { next: error.detail.next } : {}),
      })
    }
  })
  .post('/accounts/:id/change', async (c) => {
    const { ctx } = c.var
    const { id, cloud } = await readAccount(ctx, c.req.param('id'))
    const fields = listConnectForms(ctx).find((one) => one.cloud === cloud)?.fields ?? []
    return act(c, {
      back: `/accounts/${id}`,
      form: 'change',
      secrets: fields.map(({ name }) => `key.${name}`),
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

const isInstant = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text))

async function readAccount(ctx: Context, id: string): Promise<Account> {
  const found = await findAccount(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('There is no such account in this organization.')
  return found
}

const upload = (found: Account, view: View): Content =>
  uploadForm(view, {
    action: `/accounts/${found.id}/bills`,
    submit: 'Upload',
    label: 'Files of one bill',
    hint: 'CSV, CSV.gz or Parquet; FOCUS or AWS cost and usage report. Several files together are one bill. A period that is already here is replaced as a whole.',
    accept: '.csv,.gz,.parquet,.zip',
  })

function periods(scopes: BillScope[], view: View): Content {
  const { currency } = view.organization
  return table<BillScope>(
    [
      { title: 'Period', head: true, cell: (one) => one.period.slice(0, 7) },
      { title: 'Days', cell: (one) => `${sayDay(one.firstDay)} – ${sayDay(one.lastDay)}` },
      { title: 'Lines', number: true, cell: (one) => one.lines.toLocaleString('en-US') },
      { title: 'Billed', number: true, cell: (one) => money(one.billed, currency) },
      { title: 'Cost', number: true, cell: (one) => money(one.effective, currency) },
      { title: 'Read', cell: (one) => moment(one.importedAt, view) },
    ],
    scopes,
    { caption: 'Billing periods that are visible', empty: 'No period is visible yet.' },
  )
}

type Note = Awaited<ReturnType<typeof readNotes>>[number]

function notesTable(notes: Note[], view: View): Content {
  const bad = notes.filter(({ problem }) => problem)
  const all = table<Note>(
    [
      { title: 'Part', head: true, cell: (one) => `${one.part}${one.region ? ` · ${one.region}` : ''}` },
      { title: 'Read', cell: (one) => (one.problem ? quiet(one.problem.message) : moment(one.readAt, view)) },
    ],
    bad.length ? bad : notes.slice(0, 8),
    {
      caption: 'Parts of the account and when they were read',
      empty: 'Nothing was read by key; costs come from uploaded bills.',
    },
  )
  return [all, quiet(bad.length ? `${bad.length} of ${notes.length} parts could not be read.` : '')]
}

function changes(ctx: Context, { found, view }: { found: Account; view: View }): Content {
  const action = `/accounts/${found.id}/change`
  const fields = listConnectForms(ctx).find((one) => one.cloud === found.cloud)?.fields
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
    fields ? fold('Key', form(view, { ...about, hidden: { part: 'key' }, more: keyInputs(fields) })) : null,
    found.cloud === 'aws' && fields
      ? fold(
          'Bill',
          form(view, {
            ...about,
            hidden: { part: 'bill' },
            more: billInputs('aws', { bucket: '', ...found.settings }),
          }),
        )
      : null,
    fold('Disconnect', [
      'Its key, resources, costs and monitoring are erased. This cannot be taken back; the cloud itself is not touched.',
      postButton(view, { action: `/accounts/${found.id}/remove`, submit: `Disconnect ${found.name}`, tone: 'danger' }),
    ]),
  ]
}
