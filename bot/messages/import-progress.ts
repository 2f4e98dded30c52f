import { z } from 'zod'
import { findImportWithAccount } from '../../db/queries/imports.ts'
import { importStates } from '../../db/vocabulary.ts'
import { context, header, section } from '../blocks.ts'
import { lines, md } from '../rich.ts'
import { bar, count, lasting } from '../words.ts'
import { card, type Frame } from './message.ts'

const facts = z.object({
  id: z.string(),
  account: z.string(),
  title: z.string(),
  state: z.enum(importStates),
  step: z.string(),
  read: z.number(),
  lines: z.number(),
  quarantined: z.number(),
  billed: z.string().nullable(),
  effective: z.string().nullable(),
  reason: z.string().nullable(),
  /** Milliseconds: how long it runs, and how long it will still take by the pace so far. */
  ran: z.number(),
  left: z.number().nullable(),
})
type Facts = z.output<typeof facts>

/** An import while it runs: rows, per cent, time left, edited in place; at its end the totals. */
export default card<Facts>({
  name: 'import-progress',
  subject: 'import',
  facts,
  async load({ db, orgId, now }, id) {
    const row = await findImportWithAccount(db, { orgId, id })
    if (!row) return null
    const { accountName: account, title, state, step, quarantined, billed, effective, reason } = row
    const read = row.bytesTotal > 0 ? Math.min(1, row.bytesRead / row.bytesTotal) : 0
    const ran = row.startedAt ? (row.finishedAt ?? now()).getTime() - row.startedAt.getTime() : 0
    const left = read > 0.02 && read < 1 ? Math.round((ran * (1 - read)) / read) : null
    return {
      id,
      account,
      title,
      state,
      step,
      read,
      lines: row.lines,
      quarantined,
      billed,
      effective,
      reason,
      ran,
      left,
    }
  },
  over: ({ state }) => state !== 'running' && state !== 'scheduled',
  text: (f, frame) => headline(f, frame),
  slack: (f, frame) =>
    f.state === 'running' || f.state === 'scheduled'
      ? [
          header(`Reading the bill of ${f.account}`),
          section(
            lines(
              md`*${f.title}*`,
              bar(f.read),
              md`${count(f.lines, 'row')} so far${f.left === null ? '' : `, about ${lasting(f.left)} left`}`,
            ),
          ),
          context(`Step: ${f.step}`),
        ]
      : [section(headline(f, frame)), ...(f.reason ? [context(f.reason)] : [])],
  footer: (f) => ({ link: `/imports/${f.id}`, more: [f.title] }),
  samples: {
    usual: sample({}),
    waiting: sample({ state: 'scheduled', step: 'waiting', read: 0, lines: 0, left: null }),
    done: sample({
      state: 'completed',
      step: 'done',
      read: 1,
      lines: 1020113,
      billed: '18940.12',
      effective: '18002.4',
      left: null,
    }),
    unchanged: sample({ state: 'unchanged', step: 'done', left: null }),
    failed: sample({
      state: 'failed',
      step: 'done',
      reason: 'Line 17 of part 2 has no cost. Nothing was changed.',
      left: null,
    }),
  },
})

function headline(f: Facts, frame: Frame): string {
  const whole = `The bill of ${f.account}`
  if (f.state === 'failed') return `${whole} could not be read. Nothing was changed.`
  if (f.state === 'unchanged') return `${whole} has not changed since the last import. Nothing had to be written.`
  if (f.state === 'completed')
    return `${whole} is in: ${count(f.lines, 'row')} in ${lasting(Math.max(f.ran, 1000))}, ${frame.money(f.effective ?? '0')} effective cost, ${frame.money(f.billed ?? '0')} billed${f.quarantined ? `; ${count(f.quarantined, 'line')} set aside` : ''}.`
  return `${whole} is being read: ${Math.round(f.read * 100)}%, ${count(f.lines, 'row')}${f.left === null ? '' : `, about ${lasting(f.left)} left`}.`
}

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: '1', account: 'AWS prod-main', title: 'November 2026', state: 'running', step: 'reading', read: 0.42 },
    ...{ lines: 428113, quarantined: 0, billed: null, effective: null, reason: null, ran: 61_000, left: 84_000 },
    ...more,
  }
}
