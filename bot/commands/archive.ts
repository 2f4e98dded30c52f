import { readArchive, sayReasons } from '../../engine/recommendations/archive.ts'
import { addDays, type DayRange } from '../../engine/time.ts'
import { kindCalled } from '../findings.ts'
import { defaulted, optional } from '../grammar.ts'
import archivedFindings from '../messages/archived-findings.ts'
import { readRange, type NamedRange } from '../moments.ts'
import { inRange } from '../ranges.ts'
import { say } from '../reply.ts'
import { name, range } from '../slots.ts'
import { command } from './command.ts'

/** What ended and why: all of it or one kind, in the last 30 days or another range. */
export default command({
  verb: 'archive',
  aliases: ['ended'],
  summary: 'Recommendations that ended, and why',
  usage: '[kind] [30d|month|2026-10]',
  examples: ['archive', 'archive volumes', 'archive 7d', 'archive volumes last-month'],
  effect: 'none',
  takes: { range: defaulted(range, ({ now }) => readRange('30d', now)!), kind: optional(name) },
  async run(ctx, { range, kind }) {
    const one = kind === undefined ? null : kindCalled(kind, 'archive')
    const { from, to } = withToday(range)
    const found = await readArchive(ctx, { range: { from, to }, ...(one ? { recommendation: one.id } : {}) })
    const query = new URLSearchParams({ from, to, ...(one ? { recommendation: one.id } : {}) })
    return say(archivedFindings, {
      scope: `${one ? ` of ${one.title}` : ''} ${inRange(range)}`,
      ...{ count: found.count, saving: found.saving, reasons: sayReasons(found.reasons) },
      kinds: found.kinds.map(({ reasons, ...kind }) => ({ ...kind, reasons: sayReasons(reasons) })),
      page: `/savings/archive?${query.toString()}`,
    })
  },
})

/** Of costs "30d" are the full days before today; what ended today is known, so here today is the last of them. */
function withToday({ token, from, to }: NamedRange): DayRange {
  return /^\d+[dw]$/.test(token) ? { from: addDays(from, 1), to: addDays(to, 1) } : { from, to }
}
