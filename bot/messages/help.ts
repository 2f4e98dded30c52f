import { z } from 'zod'
import { actions, section, type Block } from '../blocks.ts'
import { button } from '../controls.ts'
import { code, lines, md, type Rich } from '../rich.ts'
import { report } from './message.ts'

const entry = z.object({
  verb: z.string(),
  usage: z.string(),
  summary: z.string(),
  examples: z.array(z.string()),
  /** What only reads may be tried at a click; an example of a change names things nobody meant. */
  effect: z.enum(['none', 'reversible', 'irreversible']).optional(),
})
type Entry = z.output<typeof entry>

/** What can be asked: all commands by summary, or one with its usage and examples that run at a click. */
export default report({
  name: 'help',
  facts: z.object({ about: z.string().nullable(), entries: z.array(entry), manual: z.string().optional() }),
  text: (f) =>
    f.about
      ? `${f.about}: ${f.entries[0]?.summary ?? ''}`
      : 'Ask for costs, savings and environments in plain words. Examples inside.',
  slack: (f) => (f.about ? one(f.entries, f.manual) : all(f.entries)),
  footer: (f) => ({ link: '/', command: f.about ? `help ${f.about}` : 'help' }),
  samples: {
    usual: {
      about: null,
      entries: [
        { verb: 'cost', usage: '[by service]', summary: 'What was spent', examples: ['cost by service 14d'] },
        { verb: 'env', usage: '[name]', summary: 'Shared environments', examples: ['env stage-2 2h UAT'] },
      ],
    },
    one: {
      about: 'cost',
      entries: [
        {
          verb: 'cost',
          usage: '[by service]',
          summary: 'What was spent',
          examples: ['cost by service 14d', 'cost mtd'],
        },
      ],
      manual: 'Shows effective cost.',
    },
  },
})

function all(entries: Entry[]): Block[] {
  const rows = entries.map(
    ({ verb, summary, examples }) => md`*${verb}* · ${summary} · ${example(examples[0] ?? verb)}`,
  )
  const halves = [rows.slice(0, 10), rows.slice(10, 20), rows.slice(20)].filter((half) => half.length)
  return [
    section('Type a command, mention me in a thread, or write to me directly. The same words work everywhere.'),
    ...halves.map((half) => section(lines(...half))),
  ]
}

function one(entries: Entry[], manual?: string): Block[] {
  return entries.flatMap(({ verb, usage, summary, examples, effect }) => [
    section(lines(md`*${verb}* · ${summary}`, code(`${verb} ${usage}`.trim()), manual)),
    ...(examples.length && (effect ?? 'none') === 'none'
      ? [
          section('Try one:'),
          actions(
            ...examples.slice(0, 3).map((line, n) =>
              button({
                label: line.length <= 24 ? line : `Run Example ${n + 1}`,
                verb: 'run-command',
                arg: line.slice(0, 100),
                aria: line,
              }),
            ),
          ),
        ]
      : []),
    section(lines(...examples.map(example))),
  ])
}

/** As one types it: `role @priya`; the people of examples are nobody in this workspace. */
const example = (line: string): Rich =>
  code(line.replaceAll(/<@U0([A-Z]+)>/g, (_, name: string) => `@${name.toLowerCase()}`))
