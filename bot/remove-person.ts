/** Removing somebody by a command: what goes to whom is said first, because it cannot be undone (IC-8). */
import type { Member } from '../db/queries/organizations.ts'
import { readRemoval, removePerson, sayInheritance } from '../engine/organizations/remove-person.ts'
import { conflict } from '../engine/errors.ts'
import type { BotContext } from './context.ts'
import { memberBehind } from './people.ts'
import { ask, done, type Reply } from './reply.ts'

/** So many heirs fit the question as buttons; others are named in the command. */
const most = 3

/** Asks with what would go to whom, a button per heir; `sure` does it. `to` is the Slack user of the heir. */
export async function removeAndTell(
  ctx: BotContext,
  { user, member, to, sure }: { user: string; member: Member; to: string | undefined; sure: boolean },
): Promise<Reply> {
  const wanted = to ? await memberBehind(ctx, to) : null
  if (to && !wanted)
    return ask('Nobody here is the Slack user who should get it. Name an organization manager.', [
      { label: 'Show people', command: 'role' },
    ])
  const removal = await readRemoval(ctx, { personId: member.id })
  if (sure) {
    const { person, heir, estate } = await removePerson(ctx, {
      personId: member.id,
      ...(wanted ? { heirId: wanted.id } : {}),
    })
    const what = sayInheritance(person.name, { estate, heir: heir.name, done: true })
    return done(`${person.name} is removed and sees nothing any more. ${what}`, {
      subject: { kind: 'person', id: person.id },
    })
  }
  const { person, estate } = removal
  const heirs = wanted ? removal.heirs.filter(({ id }) => id === wanted.id) : removal.heirs
  const [first] = heirs
  if (!first)
    throw conflict(
      wanted
        ? `${wanted.name} is no other organization manager. Nobody was removed.`
        : `${person.name} is the last organization manager. Nobody was removed.`,
      { next: 'Make somebody else an organization manager first.' },
    )
  const linked = heirs.filter(({ id }) => ctx.slackUsers.has(id) || id === first.id).slice(0, most)
  return ask(
    `Remove ${person.name}? ${sayInheritance(person.name, { estate, heir: first.name, done: false })} ${person.name} loses every role at once, here and in Slack. This cannot be undone.`,
    linked.map(({ id, name }, n) => ({
      label: n === 0 && linked.length === 1 ? 'Remove' : `Remove, to ${name.split(' ')[0]}`,
      command: ['role', `<@${user}> remove`, ctx.slackUsers.has(id) && `to <@${ctx.slackUsers.get(id)}>`, 'yes']
        .filter(Boolean)
        .join(' '),
    })),
  )
}
