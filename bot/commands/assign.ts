import { listPeople } from '../../db/queries/organizations.ts'
import { findPoolsByName } from '../../db/queries/pools.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import { assignmentReceipt } from '../assigned.ts'
import type { BotContext } from '../context.ts'
import { optional, quote, required, type Slot } from '../grammar.ts'
import assignDialog from '../modals/assign.ts'
import { open, UnclearError } from '../reply.ts'
import { personBehind, resourceNamed, resourceToChange } from '../resources.ts'
import { isCalled, poolToChange } from '../scopes.ts'
import { name, nameFrom, person } from '../slots.ts'
import { command } from './command.ts'

type Destination = { slackUserId: string } | { pool: string }

/** `to @priya`, `to me`, `to payments`. */
const destination: Slot<Destination> = {
  hints: ['to me'],
  read(words, at) {
    if (words[0]!.quoted || words[0]!.text.toLowerCase() !== 'to' || !words[1]) return null
    const user = person.read(words, at)
    if (user) return { value: { slackUserId: user.value }, used: user.used }
    const pool = nameFrom(words.slice(1))
    return pool && { value: { pool: pool.value }, used: pool.used + 1 }
  },
  write: (to, zone) => `to ${'pool' in to ? quote(to.pool) : person.write(to.slackUserId, zone)}`,
}

export default command({
  verb: 'assign',
  summary: 'Give a resource another owner or pool',
  usage: '<resource> to <@person | me | pool>',
  examples: ['assign loadtest-db to <@U0PRIYA>', 'assign loadtest-db to me', 'assign loadtest-db to payments'],
  effect: 'reversible',
  takes: { name: required(name, 'Which resource? Give me an id or a name.'), to: optional(destination) },
  async run(ctx, { name, to }) {
    const find = to ? resourceToChange : resourceNamed
    const { id } = await find(
      ctx,
      name,
      (other) => `assign ${other}${to ? ` ${destination.write(to, ctx.person.zone)}` : ''}`,
    )
    if (!to) return open(assignDialog, { resourceId: id })
    await assignResources(ctx, { resourceIds: [id], ...(await placeOf(ctx, { to, name })) })
    return assignmentReceipt(ctx, id)
  },
})

async function placeOf(
  ctx: BotContext,
  { to, name }: { to: Destination; name: string },
): Promise<{ ownerId: string } | { poolId: string }> {
  if ('slackUserId' in to) return { ownerId: personBehind(ctx, to.slackUserId) }
  if (to.pool.toLowerCase() === 'me') return { ownerId: ctx.person.id }
  await offerPeople(ctx, { text: to.pool, name })
  return { poolId: (await poolToChange(ctx, to.pool, (path) => `assign ${quote(name)} to ${quote(path)}`)).id }
}

/** `to priya` instead of a mention: no pool is called like that, but a person is. */
async function offerPeople(ctx: BotContext, { text, name }: { text: string; name: string }): Promise<void> {
  const pools = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text })
  if (pools.some((pool) => isCalled(pool, text))) return
  const people = await listPeople(ctx.db, ctx.orgId)
  const options = people.flatMap((person) => {
    const user = ctx.slackUsers.get(person.id)
    const called = person.name.toLowerCase().startsWith(text.toLowerCase())
    return user && called
      ? [{ label: person.name, hint: 'a person', command: `assign ${quote(name)} to <@${user}>` }]
      : []
  })
  if (options.length) throw new UnclearError(`No pool is called “${text.slice(0, 60)}”, but a person is.`, options)
}
