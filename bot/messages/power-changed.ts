import { z } from 'zod'
import { powerActions, powerOutcomes, type PowerAction } from '../../db/vocabulary.ts'
import { header, section, type Block } from '../blocks.ts'
import { button } from '../controls.ts'
import { sayNext } from '../power.ts'
import { lines, md, moment } from '../rich.ts'
import { report } from './message.ts'

const outcome = z.enum([...powerOutcomes, 'failed'])
type Outcome = z.output<typeof outcome>
const schema = z.object({
  schedule: z.object({ id: z.string(), name: z.string() }).nullable(),
  action: z.enum(powerActions),
  dueAt: z.coerce.date(),
  total: z.number(),
  counts: z.partialRecord(outcome, z.number()),
  troubles: z.array(
    z.object({
      resourceId: z.string(),
      rev: z.number(),
      title: z.string(),
      outcome,
      error: z.string().nullable(),
    }),
  ),
  next: z.array(z.object({ action: z.enum(powerActions), at: z.coerce.date() })),
})
type Facts = z.output<typeof schema>

/** What came of a run of a power schedule, or of what a person asked for one machine. */
export default report<Facts>({
  name: 'power-changed',
  facts: schema,
  text: (f) =>
    `${f.schedule ? `${f.schedule.name}: ` : ''}${summary(f)}.${hasTrouble(f) ? ' Look at what did not go.' : ''}`,
  slack: (f) => [
    ...(hasTrouble(f) ? [header(`${f.schedule?.name ?? 'Power'}: ${short(f)}`)] : []),
    section(
      lines(
        md`*${f.schedule?.name ?? f.troubles[0]?.title ?? 'Power'}* · ${moment(f.dueAt)}`,
        summary(f),
        f.next.length ? md`Next: ${sayNext(f.next)}` : null,
      ),
    ),
    ...f.troubles.map(row),
  ],
  footer: (f) => ({
    link: f.schedule ? `/power/${f.schedule.id}` : `/resources/${f.troubles[0]?.resourceId ?? ''}`,
    more: [f.schedule && 'Good runs after a good one are not told'],
  }),
  samples: {
    usual: sample({ counts: { changed: 3, protected: 1 } }),
    well: sample({ counts: { changed: 3, already: 1 }, troubles: [] }),
    asked: sample({ schedule: null, total: 1, counts: { not_allowed: 1 }, next: [] }),
  },
})

const verbs: Record<PowerAction, string> = { on: 'started', off: 'stopped' }
const words: Record<Exclude<Outcome, 'changed'>, string> = {
  already: 'was so already',
  gone: 'gone from the cloud',
  wrong_state: 'in a state from which it cannot',
  protected: 'protected',
  not_allowed: 'not allowed to us',
  impossible: 'refused by the cloud',
  failed: 'without an answer',
}
const hasTrouble = ({ troubles }: Facts): boolean => troubles.length > 0

const short = ({ counts, total, action }: Facts): string =>
  `${(counts.changed ?? 0) + (counts.already ?? 0)} of ${total} ${verbs[action]}`

/** "3 of 4 stopped, 1 protected": what is so already counts as done. */
function summary(f: Facts): string {
  const rest = Object.entries(f.counts).filter(([name]) => name !== 'changed' && name !== 'already')
  return [short(f), ...rest.map(([name, n]) => `${n} ${words[name as keyof typeof words]}`)].join(', ')
}

function row({ resourceId, rev, title, outcome: how, error }: Facts['troubles'][number]): Block {
  const why = error ?? (how === 'changed' ? '' : words[how])
  const next =
    how === 'not_allowed' ? 'Add the power policy to the key of its account; the account page shows it.' : null
  return section(
    lines(md`*${title}* · ${why}`, next),
    button({ label: 'Show', verb: 'show-resource', id: resourceId, rev, aria: `Show ${title}` }),
  )
}

function sample(more: Partial<Facts>): Facts {
  return {
    schedule: { id: '8f2c0000-0000-4000-8000-000000000002', name: 'office hours' },
    action: 'off',
    dueAt: new Date('2026-11-23T19:00:00Z'),
    total: 4,
    counts: { changed: 4 },
    troubles: [
      {
        ...{ resourceId: '8f2c0000-0000-4000-8000-000000000001', rev: 7, title: 'search-3', outcome: 'protected' },
        error:
          "The instance 'i-03e5' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.",
      },
    ],
    next: [{ action: 'on', at: new Date('2026-11-24T07:00:00Z') }],
    ...more,
  }
}
