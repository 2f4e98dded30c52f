import { listPools } from '../../db/queries/pools.ts'
import { listBindings } from '../../db/queries/slack-bindings.ts'
import { alertsChannel, alertsWords, bindAlertsHere } from '../alerts-channel.ts'
import { bindChannel } from '../bindings.ts'
import type { BotContext } from '../context.ts'
import { optional, quote } from '../grammar.ts'
import channelBindings from '../messages/channel-bindings.ts'
import { done, say } from '../reply.ts'
import { md } from '../rich.ts'
import { poolToChange } from '../scopes.ts'
import { name, oneOf } from '../slots.ts'
import { command } from './command.ts'

/** This channel means a pool; later questions need no scope and the pool's alerts come here. `bind alerts`: so do those of pools without one. */
export default command({
  verb: 'bind',
  summary: 'Let this channel mean a pool, or get other alerts',
  usage: '<pool | alerts | none>',
  examples: ['bind payments', 'bind none', 'bind alerts', 'bind alerts none'],
  effect: 'reversible',
  takes: { alerts: optional(oneOf('alerts')), pool: optional(name) },
  async run(ctx, { alerts, pool: named }) {
    if (alerts && (!named || named.toLowerCase() === 'none')) return bindAlerts(ctx, { here: !named })
    // A pool may be called "alerts and more".
    const pool = [alerts, named].filter(Boolean).join(' ')
    if (!pool) return show(ctx)
    const none = pool.toLowerCase() === 'none'
    const found = none ? null : await poolToChange(ctx, pool, (path) => `bind ${quote(path)}`)
    const { before, channel } = await bindChannel(ctx, { poolId: found?.id ?? null })
    const text = found
      ? `This channel means ${found.name} now. Questions need no scope here, and its alerts come here.`
      : 'This channel means no pool any more.'
    return done(text, {
      subject: { kind: 'channel', id: channel },
      undo: { verb: 'bind', kept: { before, after: found?.id ?? null } },
    })
  },
})

/** What this channel means, which others mean something, and where all other alerts go. */
async function show(ctx: BotContext) {
  const [pools, alerts] = await Promise.all([listPools(ctx.db, ctx.orgId), alertsChannel(ctx)])
  const bound = await listBindings(ctx.db, { orgId: ctx.orgId, poolIds: pools.map(({ id }) => id) })
  const nameOf = (id: string) => pools.find((pool) => pool.id === id)?.name ?? 'a pool'
  return say(channelBindings, {
    here: ctx.pool ? nameOf(ctx.pool) : null,
    ...{ alerts, alertsHere: alerts !== null && alerts === ctx.place.channel },
    channels: bound
      .filter(({ teamId }) => teamId === ctx.place.teamId)
      .map(({ channel, poolId }) => ({ channel, pool: nameOf(poolId) })),
  })
}

async function bindAlerts(ctx: BotContext, wish: { here: boolean }) {
  const { before, after } = await bindAlertsHere(ctx, wish)
  const subject = { kind: 'channel' as const, id: after ?? before ?? ctx.place.teamId }
  if (before === after) return done(md`${await alertsWords(ctx)} Nothing was changed.`, { subject })
  return done(await alertsWords(ctx), {
    subject,
    undo: { verb: 'bind', kept: { alerts: before ?? '', after: after ?? '' } },
  })
}
