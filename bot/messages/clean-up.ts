import { isPositive } from '../../engine/money.ts'
import { CleanUpFacts, loadCleanUp, sampleCleanUp, sayDeclined } from '../clean-up.ts'
import { actions, context, section, type Block } from '../blocks.ts'
import { button } from '../controls.ts'
import { code, lines, md, moment, type Rich } from '../rich.ts'
import { count } from '../words.ts'
import { card, type Frame } from './message.ts'

/** A clean-up: what was asked for, its scripts (uploaded below), and what came of it at the checks after it. */
export default card<CleanUpFacts>({
  name: 'clean-up',
  subject: 'clean_up',
  facts: CleanUpFacts,
  load: loadCleanUp,
  over: (f) => f.state === 'declined' || f.state === 'expired' || f.allGone,
  text: (f, frame) => headline(f, frame),
  slack: (f, frame) => [
    ...(f.state === 'handed_over' || f.state === 'verified' ? [] : [section(md`*${headline(f, frame)}*`)]),
    ...(f.outcome ? [section(md`*${capital(f.outcome)}.* ${after(f, frame)}`)] : []),
    ...f.kinds.map((one) => kindRow(one, frame)),
    ...(f.declined.length ? [section(md`*Not approved:* ${sayDeclined(f.declined)}`)] : []),
    ...how(f),
    ...buttons(f),
    context(
      approved(f),
      md`List frozen ${moment(f.requestedAt, 'time')}, sha256 ${short(f.sha256)}`,
      f.leftOut > 0 && `${count(f.leftOut, 'resource')} left out: they belong to others`,
    ),
  ],
  footer: (f) => ({
    link: `/clean-ups/${f.id}`,
    more: [
      'Nothing is deleted until a person runs it',
      f.nextCheckAt ? md`next automatic check ${moment(f.nextCheckAt, 'time')}` : null,
    ],
  }),
  samples: {
    usual: sampleCleanUp(),
    waiting: sampleCleanUp({ state: 'waiting_approval', saving: '412', expiresAt: new Date('2026-11-24T10:40:00Z') }),
    left: sampleCleanUp({
      state: 'verified',
      ranAt: new Date('2026-11-23T11:00:00Z'),
      outcome: '6 of 7 gone, 1 attached again',
      decidedBy: { id: 'p2', name: 'Priya' },
      declined: ['data-8', 'data-9'],
    }),
    gone: sampleCleanUp({ state: 'verified', outcome: '7 of 7 gone', allGone: true }),
    declined: sampleCleanUp({ state: 'declined', decidedBy: { id: 'p2', name: 'Priya' } }),
    byHand: sampleCleanUp({
      files: [],
      leftOut: 3,
      count: 2,
      nextCheckAt: null,
      kinds: [
        { title: 'Abandoned instances', advice: 'Terminate the instance.', count: 2, saving: '80', byHand: true },
      ],
    }),
  },
})

/** The shortened fingerprint people compare. */
export const short = (sha256: string): string => `${sha256.slice(0, 4)}…${sha256.slice(-2)}`

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)

function headline(f: CleanUpFacts, frame: Frame): string {
  const worth = `${count(f.count, 'resource')}${isPositive(f.saving) ? `, saves ${frame.money(f.saving)}/mo` : ''}`
  if (f.state === 'waiting_approval') return `Waiting for approval: ${worth}.`
  if (f.state === 'declined')
    return `${f.decidedBy?.name ?? 'A manager'} declined this clean-up of ${count(f.count, 'resource')}. Nothing was handed over.`
  if (f.state === 'expired')
    return `Nobody approved this clean-up of ${count(f.count, 'resource')} within a day. Nothing was handed over.`
  if (f.outcome) return `Clean-up: ${f.outcome}.`
  return f.files.length ? `Clean-up script ready: ${worth}. Script and list attached.` : `To do by hand: ${worth}.`
}

const after = (f: CleanUpFacts, frame: Frame): Rich | string =>
  f.allGone && isPositive(f.saving) ? `Saves ${frame.money(f.saving)}/mo.` : ''

function kindRow(one: CleanUpFacts['kinds'][number], frame: Frame): Block {
  const what = count(one.count, one.title.toLowerCase(), one.title.toLowerCase())
  const worth = isPositive(one.saving) ? md`, saves *${frame.money(one.saving)}/mo*` : ''
  return section(one.byHand ? lines(md`*By hand:* ${what}${worth}`, one.advice) : md`*By script:* ${what}${worth}`)
}

function how({ files, state, allGone }: CleanUpFacts): Block[] {
  if (files.length === 0 || state !== 'handed_over' || allGone) return []
  const [first = '', list = ''] = files
  const line = files.length > 2 ? `bash ${first}` : `bash ${first} ${list}`
  return [
    section(
      lines(
        code(line),
        md`Save the files in one folder. They run on Linux and macOS with ${code('jq')} and your cloud’s command line tool; ${code('--dry-run')} first changes nothing.`,
      ),
    ),
  ]
}

function buttons({ id, rev, state, files, ranAt, allGone }: CleanUpFacts): Block[] {
  if ((state !== 'handed_over' && state !== 'verified') || allGone) return []
  return [
    actions(
      button({ label: 'I Ran It', verb: 'ran-clean-up', id, rev, primary: true, aria: 'Look again at what is left' }),
      ranAt !== null &&
        button({ label: 'Check Again Now', verb: 'look-again', id, rev, aria: 'Read the accounts again and check' }),
      files.length > 0 && button({ label: 'Get the Files Again', verb: 'get-clean-up', id, rev }),
    ),
  ]
}

const approved = ({ state, decidedBy }: CleanUpFacts): string | null =>
  decidedBy && (state === 'handed_over' || state === 'verified') ? `Approved by ${decidedBy.name}` : null
