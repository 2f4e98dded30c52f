import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md, namesSomebody, typed } from '../rich.ts'
import { report } from './message.ts'

/** Asks back: each answer is a button that runs the corrected command at once, so nobody types twice. */
export default report({
  name: 'question',
  facts: z.object({
    question: z.string(),
    /** `id` is the stored command of the button. */
    options: z.array(z.object({ id: z.string(), label: z.string(), command: z.string(), hint: z.string().optional() })),
  }),
  text: (f) =>
    f.options.length
      ? `${f.question} Press one: ${f.options.map(({ label }) => `“${label}”`).join(', ')}.`
      : f.question,
  slack: (f) => [
    section(f.question),
    ...(f.options.length
      ? [
          section(
            lines(
              ...f.options.map(({ label, command, hint }, n) =>
                hint ? md`${n + 1}. *${label}* · ${hint}` : md`${n + 1}. ${typed(command)}`,
              ),
            ),
          ),
          actions(
            ...f.options.map(({ id, label, command }, n) =>
              button({
                label: [command, label].find((words) => words.length <= 24 && !namesSomebody(words)) ?? `Run ${n + 1}`,
                verb: 'run-command',
                id,
                arg: String(n),
                aria: namesSomebody(command) ? label : command,
              }),
            ),
          ),
        ]
      : []),
  ],
  footer: () => ({ link: '/', command: 'help' }),
  samples: {
    usual: {
      question: 'I do not know “servise” here.',
      options: [{ id: 'q1', label: 'cost by service', command: 'cost by service' }],
    },
    many: {
      question: 'Several pools are called “dev”.',
      options: [1, 2, 3, 4, 5].map((n) => ({
        id: `q${n}`,
        label: `Team ${n} / dev`,
        command: `cost for "Team ${n}->dev"`,
        hint: '$1,200 this month',
      })),
    },
    none: { question: 'Which resource? Type a name or an id.', options: [] },
  },
})
