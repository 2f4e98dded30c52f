import { z } from 'zod'
import { findJoinRequest } from '../../db/queries/join-requests.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import { joinDecisions } from '../../db/vocabulary.ts'
import { sayRoles } from '../../engine/organizations/role-words.ts'
import { actions, fields, header } from '../blocks.ts'
import { button } from '../controls.ts'
import { matchOf } from '../link.ts'
import { mention } from '../rich.ts'
import { card } from './message.ts'

const facts = z.object({
  id: z.string(),
  rev: z.number(),
  slackUserId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  zone: z.string().nullable(),
  /** Somebody here with the same e-mail; `role` null means they have none yet. */
  match: z.object({ id: z.string(), name: z.string(), role: z.string().nullable() }).nullable(),
  decision: z.enum(joinDecisions).nullable(),
  decidedBy: z.string().nullable(),
})
type Facts = z.infer<typeof facts>

/** Somebody asks to be let in; the managers decide with one click, and all their copies say what came of it. No answer means no. */
export default card<Facts>({
  name: 'join-request',
  subject: 'join_request',
  facts,
  async load(ctx, id) {
    const found = await findJoinRequest(ctx.db, { orgId: ctx.orgId, id })
    if (!found) return null
    const { rev, slackUserId, name, email, zone, decision, decidedBy } = found
    const match = decision ? null : await matchOf(ctx, email)
    const decider = decidedBy ? await findPerson(ctx.db, { orgId: ctx.orgId, id: decidedBy }) : null
    return {
      ...{ id, rev, slackUserId, name, email, zone, decision, decidedBy: decider?.name ?? null },
      match: match && { id: match.id, name: match.name, role: match.roles.length ? sayRoles(match.roles) : null },
    }
  },
  over: (f) => f.decision !== null,
  text: (f) =>
    f.decision ? `${outcome(f)}.` : `${f.name} asks to join. Let them in as an engineer or a member, or decline.`,
  slack: (f) => [
    header(f.decision ? outcome(f) : `${f.name} asks to join`),
    fields({
      'Slack user': mention(f),
      'E-mail': f.email,
      'Time zone': f.zone,
      'Known here as': f.match ? `${f.match.name}, by equal e-mail` : null,
      'Role here': f.match && (f.match.role ?? 'none yet'),
    }),
    ...(f.decision ? [] : [actions(...choices(f))]),
  ],
  footer: (f) => ({
    link: '/',
    more: [
      f.decision === 'let_in'
        ? 'On the People page you can change or remove them'
        : f.decision
          ? 'Nothing is shown to them'
          : 'Until somebody decides, nothing is shown to them',
    ],
  }),
  samples: {
    usual: sample({ email: 'max@example.com', zone: 'Europe/Berlin' }),
    match: sample({ match: { id: '1', name: 'Max Lindqvist', role: 'engineer of Payments' } }),
    'match without a role': sample({
      match: { id: '8f2c0000-0000-4000-8000-000000000002', name: 'Max Lindqvist', role: null },
    }),
    'let in': sample({ decision: 'let_in', decidedBy: 'Lea Brandt', rev: 2 }),
    declined: sample({ decision: 'declined', decidedBy: null, rev: 2 }),
  },
})

/** "Max Lindqvist was let in by Lea Brandt". */
const outcome = ({ name, decision, decidedBy }: Facts): string =>
  `${name} ${decision === 'let_in' ? 'was let in' : 'was declined'}${decidedBy ? ` by ${decidedBy}` : ''}`

function choices({ id, rev, match }: Facts) {
  const choose = (label: string, arg: string, primary = false) =>
    button({ label, verb: 'let-in', id, rev, arg, primary })
  // A role for somebody who is here already.
  const same = match ? `.${match.id}` : ''
  return [
    ...(match?.role
      ? [choose('Yes, Same Person', match.id, true)]
      : [choose('Let In as Engineer', `engineer${same}`, true), choose('Let In as Member', `member${same}`)]),
    button({ label: 'Decline', verb: 'decline-join', id, rev }),
  ]
}

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: '8f2c0000-0000-4000-8000-000000000001', rev: 1, slackUserId: 'U2', name: 'Max Lindqvist' },
    ...{ email: null, zone: null, match: null, decision: null, decidedBy: null },
    ...more,
  }
}
