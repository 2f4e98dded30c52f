import { z } from 'zod'
import { actions, context, header, section } from '../blocks.ts'
import { button, linkButton } from '../controls.ts'
import { code, lines, md } from '../rich.ts'
import { report } from './message.ts'

/** How a cloud account is connected: the ways in, and the documents that grant what is read. */
export default report({
  name: 'connect-cloud',
  private: true,
  facts: z.object({
    cloud: z.string(),
    title: z.string(),
    ways: z.array(z.object({ title: z.string(), about: z.string().nullable() })),
    externalId: z.string().nullable(),
    hasFiles: z.boolean(),
  }),
  text: (f) => `Connect ${f.title}: only reading is asked for. Take the policy files, then pick a way in.`,
  slack: (f, frame) => [
    header(`Connect ${f.title}`),
    section(
      lines(
        'Only reading is asked for; starting and stopping machines is a policy of its own.',
        ...f.ways.map(({ title, about }) => md`*${title}*: ${about ?? ''}`),
        f.externalId && md`Your external ID for roles: ${code(f.externalId)}`,
      ),
    ),
    actions(
      ...f.ways
        .slice(0, 3)
        .toReversed()
        .map(({ title }, n, { length }) =>
          button({
            ...{ label: `With ${titleCase(title)}`, verb: 'connect-account', arg: `${f.cloud}:${length - 1 - n}` },
            primary: n === 0,
          }),
        ),
      f.hasFiles && button({ label: 'Get Policy Files', verb: 'grant-files', arg: f.cloud }),
      linkButton('Use Web Form', frame.url('/accounts')),
    ),
    context('A key typed in Slack passes through Slack; a role needs none'),
  ],
  footer: (f) => ({ link: '/accounts', command: `connect ${f.cloud}` }),
  samples: {
    usual: {
      ...{ cloud: 'aws', title: 'Amazon Web Services', hasFiles: true },
      ways: [
        { title: 'Access key', about: 'Of an IAM user that holds the read policy and nothing else.' },
        { title: 'Role', about: 'No secret is kept.' },
      ],
      externalId: '0123456789abcdef0123456789abcdef',
    },
    plain: {
      ...{ cloud: 'azure', title: 'Azure', hasFiles: false, externalId: null },
      ways: [{ title: 'Azure', about: null }],
    },
  },
})

/** Buttons are in title case. */
const titleCase = (words: string) => words.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
