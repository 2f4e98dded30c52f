import { z } from 'zod'
import { isPositive } from '../../engine/money.ts'
import { section } from '../blocks.ts'
import { lines, md } from '../rich.ts'
import { count } from '../words.ts'
import { report, type Frame } from './message.ts'

const schema = z.object({
  /** " in the last 30 days", " of Obsolete IPs in the last 30 days". */
  scope: z.string(),
  count: z.number(),
  /** What they would have saved per 30 days; null when they save no money. */
  saving: z.string().nullable(),
  /** "9 done, 2 no longer needed". */
  reasons: z.string(),
  kinds: z.array(
    z.object({ title: z.string(), count: z.number(), saving: z.string().nullable(), reasons: z.string() }),
  ),
  page: z.string(),
})

/** What ended and why: all kinds of recommendation, or one. */
export default report({
  name: 'archived-findings',
  facts: schema,
  text: (f) =>
    f.count
      ? `${count(f.count, 'recommendation')} ended${f.scope}: ${f.reasons}.`
      : `No recommendation ended${f.scope}.`,
  slack: (f, frame) => {
    if (f.count === 0) return [section(`No recommendation ended${f.scope}.`)]
    const shown = f.kinds.slice(0, most)
    const rest = f.kinds.length - shown.length
    return [
      section(md`*${count(f.count, 'recommendation')}* ended${f.scope}${worth(f.saving, frame)}: ${f.reasons}.`),
      section(
        lines(
          ...shown.map((kind) => md`*${kind.title}* · ${kind.count}${worth(kind.saving, frame)} · ${kind.reasons}`),
          rest ? `and ${count(rest, 'more kind')} on the page.` : null,
        ),
      ),
    ]
  },
  footer: (f) => ({ link: f.page, more: ['Savings of each by itself'] }),
  samples: {
    usual: {
      scope: ' in the last 30 days',
      count: 12,
      saving: '148.2',
      reasons: '9 done, 2 no longer needed, 1 gone',
      kinds: [
        { title: 'Not attached volumes', count: 10, saving: '148.2', reasons: '8 done, 2 no longer needed' },
        { title: 'Inactive IAM users', count: 2, saving: null, reasons: '1 done, 1 gone' },
      ],
      page: '/savings/archive?from=2026-10-25&to=2026-11-23',
    },
    nothing: { scope: ' today', count: 0, saving: null, reasons: '', kinds: [], page: '/savings/archive' },
  },
})

/** So many lines fit one section, however long the titles. */
const most = 10

const worth = (saving: string | null, frame: Frame) =>
  saving !== null && isPositive(saving) ? ` (${frame.money(saving)}/mo)` : ''
