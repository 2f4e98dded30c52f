import { z } from 'zod'
import { actions, fields, header } from '../blocks.ts'
import { button } from '../controls.ts'
import { mention } from '../rich.ts'
import { report } from './message.ts'

/** Somebody asks to be let in; the managers decide with one click. No answer means no. */
export default report({
  name: 'join-request',
  facts: z.object({
    /** `<team>:<user>`. */
    user: z.string(),
    slackUserId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    zone: z.string().nullable(),
    /** Somebody here with the same e-mail; `role` null means they have none yet, left out that nobody looked. */
    match: z.object({ id: z.string(), name: z.string(), role: z.string().nullable().optional() }).nullable(),
    question: z.string().nullable(),
    /** Tells this request from an earlier one of the same user. */
    rev: z.number().int().optional(),
  }),
  text: (f) => `${f.name} asks to join. Let them in as an engineer or a member, or decline.`,
  slack: (f) => {
    const choose = (label: string, who: string, primary = false) =>
      button({
        label,
        verb: 'let-in',
        id: f.user,
        rev: f.rev ?? 0,
        arg: [who, f.question].filter(Boolean).join(':'),
        primary,
      })
    return [
      header(`${f.name} asks to join`),
      fields({
        'Slack user': mention(f),
        'E-mail': f.email,
        'Time zone': f.zone,
        'Known here as': f.match ? `${f.match.name}, by equal e-mail` : null,
        'Role here': f.match && (f.match.role === null ? 'none yet' : (f.match.role ?? null)),
      }),
      actions(
        ...(f.match && f.match.role !== null
          ? [choose('Yes, Same Person', f.match.id, true)]
          : [
              choose('Let In as Engineer', `engineer${same(f.match)}`, true),
              choose('Let In as Member', `member${same(f.match)}`),
            ]),
        button({ label: 'Decline', verb: 'decline-join', id: f.user, rev: f.rev ?? 0 }),
      ),
    ]
  },
  footer: () => ({ link: '/', more: ['Until somebody decides, nothing is shown to them'] }),
  samples: {
    usual: {
      user: 'T1:U2',
      slackUserId: 'U2',
      name: 'Max Lindqvist',
      email: 'max@example.com',
      zone: 'Europe/Berlin',
      match: null,
      question: 'q1',
    },
    match: {
      user: 'T1:U2',
      slackUserId: 'U2',
      name: 'Max',
      email: 'max@example.com',
      zone: null,
      match: { id: '1', name: 'Max Lindqvist', role: 'engineer of Payments' },
      question: null,
    },
    'match without a role': {
      user: 'T1:U2',
      slackUserId: 'U2',
      name: 'Max',
      email: 'max@example.com',
      zone: null,
      match: { id: '8f2c0000-0000-4000-8000-000000000002', name: 'Max Lindqvist', role: null },
      question: 'q1',
    },
  },
})

/** A role for somebody who is here already: `engineer.<person>`. */
const same = (match: { id: string } | null): string => (match ? `.${match.id}` : '')
