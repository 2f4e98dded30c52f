import { z } from 'zod'
import { actions, context, section, type Block } from '../blocks.ts'
import { button, linkButton } from '../controls.ts'
import { code, lines, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { report, type Frame } from './message.ts'

const script = z.object({
  title: z.string(),
  count: z.number(),
  saving: z.string(),
  script: z.string(),
  list: z.string(),
  sha256: z.string(),
})
const byHand = z.object({ title: z.string(), count: z.number(), saving: z.string(), advice: z.string() })

const schema = z.object({
  scripts: z.array(script),
  /** What no script does: the advice for each kind. */
  byHand: z.array(byHand),
  /** Findings left out because they are not the person's. */
  leftOut: z.number(),
  saving: z.string(),
  frozenAt: z.coerce.date(),
  nextCheckAt: z.coerce.date().nullable(),
})
export type CleanUpFacts = z.infer<typeof schema>

/** Clean-up scripts and the lists they work on, uploaded below: what they do, how to run them, what is left to do by hand. */
export default report({
  name: 'clean-up-script',
  facts: schema,
  text: (f, frame) => {
    const found = [...f.scripts, ...f.byHand].reduce((sum, one) => sum + one.count, 0)
    const what = f.scripts.length ? 'Clean-up script ready' : 'To do by hand'
    return `${what}: ${count(found, 'resource')}, saves ${frame.money(f.saving)}/mo.${f.scripts.length ? ' Script and list attached.' : ''}`
  },
  slack: (f, frame) => [
    ...f.scripts.map((one) => scriptRow(one, frame)),
    ...f.byHand.map((one) =>
      section(
        lines(
          md`*By hand:* ${count(one.count, one.title.toLowerCase(), one.title.toLowerCase())}, saves *${frame.money(one.saving)}/mo*`,
          one.advice,
        ),
      ),
    ),
    ...(f.scripts.length
      ? [
          section(
            md`Runs on Linux and macOS with ${code('jq')} and your cloud’s command line tool; ${code('--dry-run')} first changes nothing.`,
          ),
        ]
      : []),
    actions(
      button({ label: 'Check Again Now', verb: 'check-again', primary: true, aria: 'Check again after running it' }),
      linkButton('How to Run It', frame.url('/savings')),
    ),
    ...proof(f),
  ],
  footer: (f) => ({
    link: '/savings',
    more: [
      'Nothing is deleted until a person runs it',
      f.nextCheckAt ? md`next automatic check ${moment(f.nextCheckAt, 'time')}` : null,
    ],
  }),
  samples: {
    usual: sample({}),
    byHand: sample({
      scripts: [],
      byHand: [{ title: 'Abandoned instances', count: 2, saving: '80', advice: 'Terminate the instance.' }],
      leftOut: 3,
      nextCheckAt: null,
    }),
  },
})

function scriptRow(one: z.infer<typeof script>, frame: Frame): Block {
  const what = count(one.count, one.title.toLowerCase(), one.title.toLowerCase())
  return section(
    lines(
      md`*Clean-up script ready:* ${what}, saves *${frame.money(one.saving)}/mo*`,
      code(`bash ${one.script} ${one.list}`),
    ),
  )
}

function proof({ scripts, frozenAt, leftOut }: CleanUpFacts): Block[] {
  const sums = scripts.map(({ sha256 }) => `${sha256.slice(0, 4)}…${sha256.slice(-2)}`)
  const out = leftOut ? `${count(leftOut, 'resource')} left out: they belong to others` : null
  return scripts.length || out
    ? [context(scripts.length > 0 && md`List frozen ${moment(frozenAt, 'time')}, sha256 ${sums.join(', ')}`, out)]
    : []
}

function sample(more: Partial<CleanUpFacts>): CleanUpFacts {
  const id = 'volumes_not_attached_for_a_long_time'
  return {
    scripts: [
      {
        ...{ title: 'Not attached volumes', count: 7, saving: '51.2', script: `cleanup_${id}.sh` },
        ...{ list: `${id}-2026-11-23.json`, sha256: '9c1f'.padEnd(64, 'e2') },
      },
    ],
    ...{ byHand: [], leftOut: 0, saving: '51.2', frozenAt: new Date('2026-11-23T10:40:00Z') },
    nextCheckAt: new Date('2026-11-23T12:00:00Z'),
    ...more,
  }
}
