import { z } from 'zod'
import { findImportWithAccount, listRejectedLines } from '../../db/queries/imports.ts'
import { actions, header, section } from '../blocks.ts'
import { linkButton } from '../controls.ts'
import { code, lines, md } from '../rich.ts'
import { count } from '../words.ts'
import { card } from './message.ts'

const facts = z.object({
  id: z.string(),
  accountId: z.string(),
  account: z.string(),
  title: z.string(),
  failed: z.boolean(),
  reason: z.string().nullable(),
  quarantined: z.number(),
  rejected: z.array(z.object({ file: z.string(), line: z.number(), reason: z.string() })),
})
type Facts = z.output<typeof facts>

/** An import that failed, or that set lines aside: file, line and reason, and what to do. */
export default card<Facts>({
  name: 'import-report',
  subject: 'import',
  facts,
  async load({ db, orgId }, id) {
    const row = await findImportWithAccount(db, { orgId, id })
    if (!row) return null
    const rejected = await listRejectedLines(db, { orgId, importId: id, limit: 5 })
    const { accountId, accountName: account, title, reason, quarantined } = row
    const failed = row.state === 'failed'
    return { id, accountId, account, title, failed, reason, quarantined, rejected }
  },
  text: (f) =>
    f.failed
      ? `The bill of ${f.account} could not be read: ${f.reason ?? 'no reason is known'} Earlier figures are untouched.`
      : `The bill of ${f.account} is in, but ${count(f.quarantined, 'line')} could not be read and ${f.quarantined === 1 ? 'was' : 'were'} set aside.`,
  slack: (f, frame) => [
    header(f.failed ? `The bill of ${f.account} was not read` : `${count(f.quarantined, 'line')} set aside`),
    section(
      f.failed
        ? lines(
            f.reason ?? 'No reason is known.',
            'Earlier figures are untouched. Mend what is said above and import it again.',
          )
        : `Everything else of ${f.title} is in. Lines that could not be read are kept for you to look at.`,
    ),
    ...(f.rejected.length
      ? [section(lines(...f.rejected.map(({ file, line, reason }) => md`${code(`${file}:${line}`)} ${reason}`)))]
      : []),
    actions(
      linkButton('Open Import', frame.url(`/imports/${f.id}`)),
      linkButton('Open Account', frame.url(`/accounts/${f.accountId}`)),
    ),
  ],
  footer: (f) => ({ link: `/imports/${f.id}`, more: [f.title] }),
  samples: {
    usual: sample({}),
    lines: sample({
      failed: false,
      reason: null,
      quarantined: 3,
      rejected: [{ file: 'part-2.csv', line: 17, reason: 'The cost "abc" is no number.' }],
    }),
  },
})

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: '1', accountId: '2', account: 'AWS prod-main', title: 'November 2026', failed: true, quarantined: 0 },
    ...{ reason: 'Part 2 of the bill is damaged: its checksum differs.', rejected: [] },
    ...more,
  }
}
