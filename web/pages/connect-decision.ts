/** The step between a key that works and a connected account: what it may not do, and which report is the bill. */
import type { Context as Request } from 'hono'
import { z } from 'zod'
import { AccountSettings } from '../../engine/accounts/connect.ts'
import type { Preview } from '../../engine/accounts/preview.ts'
import { invalid } from '../../engine/errors.ts'
import { sayReport } from '../account-parts.ts'
import type { WebEnv } from '../env.ts'
import { form, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import { block, fold, notice, plural, section, table, type Content } from '../parts.ts'

type Missing = Preview['missing'][number]

/** Asks what only a person can decide. The key travels sealed, so nobody types it twice. */
export async function decide(c: Request<WebEnv>, preview: Preview): Promise<Response> {
  const { name, cloudAccountId, missing, reports, setup, draft } = preview
  const { view } = c.var
  const gaps = plural(missing.length, 'permission')
  const decision = form(view, {
    name: 'draft',
    action: '/accounts/draft',
    hidden: { draft },
    submit: missing.length
      ? `Connect without ${gaps}`
      : reports.length
        ? `Connect ${name}`
        : `Connect ${name} without a bill`,
    other: { action: '/accounts/draft/check', submit: 'Check again' },
    more: reports.length
      ? select('report', 'Its bill', {
          value: JSON.stringify(reports[0]!.settings),
          choices: reports.map((report) => ({ value: JSON.stringify(report.settings), label: sayReport(report) })),
          any: 'None of these: connect it without a bill for now',
        })
      : null,
  })
  return show(
    c,
    `Connect ${name}`,
    [
      missing.length
        ? section('What is not allowed yet', [
            notice(
              'warn',
              `${gaps} missing. Nothing is connected yet.`,
              'Add them to the policy and check again, or go on without.',
            ),
            gapTable(missing),
          ])
        : null,
      setup ? section('Have a bill written', howTo(setup)) : null,
      section(reports.length ? 'Which report is its bill?' : 'Go on', decision),
    ],
    { trail: [['/accounts', 'Accounts']], lead: `Signing in works: it belongs to ${cloudAccountId}.` },
  )
}

const gapTable = (missing: Missing[]): Content =>
  table<Missing>(
    [
      { title: 'Missing', head: true, cell: ({ permission }) => permission },
      { title: 'Without it', cell: ({ without }) => without },
    ],
    missing,
    { caption: 'Permissions that are missing', empty: '' },
  )

const howTo = ({ steps, bucketPolicy }: NonNullable<Preview['setup']>): Content => [
  notice('info', 'No report was found. Costs come with the first one; inventory is read without.'),
  block(steps.map((step, n) => `${n + 1}. ${step}`).join('\n')),
  fold('The policy of the bucket', block(bucketPolicy)),
]

/** The chosen report as settings; an empty choice is none. What was sent is read as settings and nothing more. */
export function readReport(text: string): Record<string, string> {
  if (text === '') return {}
  const { data } = z.string().transform(asJson).pipe(AccountSettings).safeParse(text)
  if (!data) throw invalid('This is not one of the reports. Nothing was connected.', { field: 'report' })
  return data
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
