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
    match: z.object({ id: z.string(), name: z.string() }).nullable(),
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
      }),
      actions(
        f.match ? choose('Yes, Same Person', f.match.id, true) : choose('Let In as Engineer', 'engineer', true),
        f.match ? null : choose('Let In as Member', 'member'),
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
      match: { id: '1', name: 'Max Lindqvist' },
      question: null,
    },
  },
})
