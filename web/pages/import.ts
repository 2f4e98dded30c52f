import { Hono } from 'hono'
import { findImportWithAccount, listRejectedLines, type RejectedLineRow } from '../../db/queries/imports.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import type { Import } from '../../db/schema/cloud-accounts.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { notFound } from '../../engine/errors.ts'
import { importBadge, importBar, isUnderWay } from '../account-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { block, facts, link, money, moment, notice, quiet, section, stats, table, type Content } from '../parts.ts'

/** One attempt to read a bill: how far it is, what it added up to, and the lines set aside. */
export const importPage = new Hono<WebEnv>().get('/imports/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await findImportWithAccount(ctx.db, { orgId: ctx.orgId, id: c.req.param('id') })
  if (!found) throw notFound('There is no such import in this organization.')
  const rejected = found.quarantined
    ? await listRejectedLines(ctx.db, { orgId: ctx.orgId, importId: found.id, limit: 100 })
    : []
  const person = found.personId ? await findPerson(ctx.db, { orgId: ctx.orgId, id: found.personId }) : null
  const moving = isUnderWay(found)
  return show(
    c,
    found.title,
    [
      moving
        ? section('Progress', [
            importBar(found),
            quiet(
              `${found.step}: ${sayBytes(found.bytesRead)} of ${sayBytes(found.bytesTotal)}. This page looks again by itself.`,
            ),
          ])
        : outcome(found),
      figures(found, view),
      section(
        'About',
        facts([
          ['Account', link(`/accounts/${found.accountId}`, found.accountName)],
          ['Asked for by', person?.name ?? 'the timer'],
          ['Begun', moment(found.startedAt, view)],
          ['Ended', moment(found.finishedAt, view)],
          ['Size', found.bytesTotal ? sayBytes(found.bytesTotal) : 'not known'],
          ['Source', found.source],
        ]),
      ),
      found.quarantined
        ? section(
            'Lines set aside',
            rejects(rejected),
            `${found.quarantined.toLocaleString('en-US')} in all, the first ${rejected.length} are shown`,
          )
        : null,
    ],
    {
      trail: [
        ['/accounts', 'Accounts'],
        [`/accounts/${found.accountId}`, found.accountName],
      ],
      lead: importBadge(found),
      refresh: moving ? 2 : undefined,
    },
  )
})

function outcome(found: Import): Content {
  if (found.state === 'failed')
    return notice(
      'bad',
      found.reason ?? 'The bill could not be read.',
      'Nothing of it was stored; what was visible before is unchanged.',
    )
  if (found.state === 'unchanged')
    return notice('plain', 'This bill is already here, to the last byte. Nothing was changed.')
  return found.quarantined
    ? notice(
        'warn',
        `The bill was read, but ${found.quarantined} lines could not be understood and were set aside.`,
        'Their cost is not in any total.',
      )
    : notice('good', 'The bill was read, and its total is the sum of what was stored.')
}

const figures = (found: Import, { organization }: View): Content =>
  stats([
    { name: 'Lines', value: found.lines.toLocaleString('en-US'), note: 'read' },
    { name: 'Billed cost', value: money(found.billed, organization.currency), note: 'control total' },
    { name: 'Effective cost', value: money(found.effective, organization.currency), note: 'control total' },
    {
      name: 'Set aside',
      value: found.quarantined.toLocaleString('en-US'),
      note: 'lines',
      tone: found.quarantined ? 'warn' : 'plain',
    },
  ])

const rejects = (rows: RejectedLineRow[]): Content =>
  table<RejectedLineRow>(
    [
      { title: 'Where', head: true, cell: (one) => `${one.file}, line ${one.line}` },
      { title: 'Why', cell: (one) => one.reason },
      { title: 'Beginning of the line', cell: (one) => block(one.sample) },
    ],
    rows,
    { caption: 'Lines that were set aside', empty: 'None.' },
  )
