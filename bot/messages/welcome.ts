import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines } from '../rich.ts'
import { report } from './message.ts'

/** To a Slack user nobody knows yet, and after a manager let them in. */
export default report({
  name: 'welcome',
  facts: z.object({
    state: z.enum(['unknown', 'linked']),
    organization: z.string(),
    kept: z.string().nullable(),
    /** The stored command, carried by the button. */
    question: z.string().nullable(),
  }),
  text: (f) =>
    f.state === 'linked'
      ? `You are in: ${f.organization} knows you now. Try “cost by service 14d” or “help”.`
      : `You are not in ${f.organization} yet. Ask to join; a manager decides with one click.`,
  slack: (f) =>
    f.state === 'linked'
      ? [section(`You are in. I answer questions about cost, savings and environments of ${f.organization}.`)]
      : [
          section(
            lines(
              `You are not in ${f.organization} yet, so I cannot show anything. A manager lets you in with one click.`,
              f.kept ? `I keep “${f.kept}” and answer it right after.` : null,
            ),
          ),
          actions(
            button({
              label: 'Ask to Join',
              verb: 'ask-to-join',
              primary: true,
              ...(f.question ? { id: f.question } : {}),
            }),
          ),
        ],
  footer: (f) => ({ link: '/', ...(f.state === 'linked' ? { command: 'help' } : {}) }),
  samples: {
    usual: { state: 'linked', organization: 'Acme', kept: null, question: null },
    unknown: { state: 'unknown', organization: 'Acme', kept: 'cost by service 14d', question: 'q1' },
  },
})
