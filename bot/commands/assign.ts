import { findPoolsByName } from '../../db/queries/pools.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import { notFound } from '../../engine/errors.ts'
import { assignmentReceipt } from '../assigned.ts'
import type { BotContext } from '../context.ts'
import { optional, quote, required, type Slot } from '../grammar.ts'
import assignDialog from '../modals/assign.ts'
import { open, UnclearError } from '../reply.ts'
import { personBehind, resourceNamed } from '../resources.ts'
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
    const { id } = await resourceNamed(
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
  const pools = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text: to.pool })
  const exact = pools.filter((pool) =>
    [pool.name, pool.path].some((one) => one.toLowerCase() === to.pool.toLowerCase()),
  )
  const fitting = exact.length ? exact : pools
  if (fitting.length === 1) return { poolId: fitting[0]!.id }
  if (fitting.length === 0)
    throw notFound(`I know no pool called “${to.pool.slice(0, 60)}”. Nothing was changed.`, {
      next: 'Look at the list of pools.',
    })
  throw new UnclearError(
    `Several pools are called like “${to.pool.slice(0, 60)}”.`,
    fitting.slice(0, 5).map(({ path }) => ({ label: path, command: `assign ${quote(name)} to ${quote(path)}` })),
  )
}
