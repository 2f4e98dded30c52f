import { z } from 'zod'
import { actions, context, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { cut, md } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

const row = z.object({ id: z.string(), name: z.string(), sentence: z.string() })
/** More are left to the web page. */
const shown = 15

/** Every connected account: how it is doing, and a button to what can be done with it. */
export default report({
  name: 'account-list',
  facts: z.object({ rows: z.array(row) }),
  text: (f) =>
    f.rows.length
      ? `${count(f.rows.length, 'account')}: ${f.rows
          .slice(0, 3)
          .map(({ name }) => cut(name, 60))
          .join(', ')}.`
      : empty,
  slack: (f) => [
    header('Cloud accounts'),
    ...(f.rows.length ? [] : [section(empty)]),
    ...f.rows
      .slice(0, shown)
      .map(({ id, name, sentence }) =>
        section(
          md`${cut(sentence, 400)}`,
          button({ label: 'Show', verb: 'show-account', id, aria: `Show the account ${name}` }),
        ),
      ),
    ...(f.rows.length > shown ? [context(`${f.rows.length - shown} more on the web page`)] : []),
    actions(button({ label: 'Connect an Account', verb: 'run-command', arg: 'connect' })),
  ],
  footer: () => ({ link: '/accounts', command: 'accounts' }),
  samples: {
    usual: {
      rows: [
        { id: 'a1', name: 'AWS prod-main', sentence: 'AWS prod-main is connected and up to date.' },
        { id: 'a2', name: 'AWS test', sentence: 'AWS test is paused: nothing is read, what is known stays.' },
      ],
    },
    none: { rows: [] },
    many: {
      rows: Array.from({ length: 40 }, (_, n) => ({
        ...{ id: `a${n}`, name: `アカウント ${n}`, sentence: `アカウント ${n} ${'long '.repeat(60)}` },
      })),
    },
  },
})

const empty = 'No cloud account is connected yet.'
