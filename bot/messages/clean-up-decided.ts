import { z } from 'zod'
import { cleanUpStates } from '../../db/vocabulary.ts'
import { actions, section } from '../blocks.ts'
import { sayDeclined } from '../clean-up.ts'
import { button } from '../controls.ts'
import { lines } from '../rich.ts'
import { count } from '../words.ts'
import { report, type Frame } from './message.ts'

const facts = z.object({
  ...{ id: z.string(), rev: z.number(), state: z.enum(cleanUpStates), count: z.number(), saving: z.string() },
  decidedBy: z.string().nullable(),
  /** Names of what was not approved while the rest was. */
  declined: z.array(z.string()).default([]),
})
type Facts = z.infer<typeof facts>

/** Your clean-up was decided: approved, with the way to its files, or not. */
export default report<Facts>({
  name: 'clean-up-decided',
  facts,
  text: said,
  slack: (f, frame) => [
    section(lines(said(f, frame))),
    ...(f.state === 'handed_over'
      ? [actions(button({ label: 'Get Scripts', verb: 'get-clean-up', id: f.id, rev: f.rev, primary: true }))]
      : []),
  ],
  footer: (f) => ({ link: `/clean-ups/${f.id}` }),
  samples: {
    usual: {
      id: '8f2c0000-0000-4000-8000-000000000001',
      rev: 3,
      state: 'handed_over',
      decidedBy: 'p2',
      count: 7,
      saving: '412',
      declined: [],
    },
    declined: {
      id: '8f2c0000-0000-4000-8000-000000000001',
      rev: 3,
      state: 'declined',
      decidedBy: 'p2',
      count: 7,
      saving: '412',
      declined: [],
    },
    part: {
      id: '8f2c0000-0000-4000-8000-000000000001',
      rev: 3,
      state: 'handed_over',
      decidedBy: 'p2',
      count: 5,
      saving: '300',
      declined: ['data-6', 'data-7'],
    },
    expired: {
      id: '8f2c0000-0000-4000-8000-000000000001',
      rev: 3,
      state: 'expired',
      decidedBy: null,
      count: 7,
      saving: '412',
      declined: [],
    },
  },
})

function said(f: Facts, frame: Frame): string {
  const what = `Your clean-up of ${count(f.count, 'resource')} (${frame.money(f.saving)}/mo)`
  if (f.state === 'handed_over' && f.declined.length)
    return `${f.count} of ${f.count + f.declined.length} of your clean-up (${frame.money(f.saving)}/mo) are approved. Get the scripts and run them. Not approved: ${sayDeclined(f.declined)}.`
  if (f.state === 'handed_over') return `${what} is approved. Get the scripts and run them.`
  return f.state === 'declined'
    ? `${what} was declined. Nothing was handed over.`
    : `${what} was not answered within a day, which is a no. Nothing was handed over.`
}
