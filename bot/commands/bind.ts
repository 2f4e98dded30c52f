import { findPool } from '../../db/queries/pools.ts'
import { bindChannel } from '../bindings.ts'
import { optional, quote } from '../grammar.ts'
import { ask, done } from '../reply.ts'
import { poolNamed } from '../scopes.ts'
import { name } from '../slots.ts'
import { command } from './command.ts'

/** This channel means a pool; later questions need no scope and the pool's alerts come here. */
export default command({
  verb: 'bind',
  summary: 'Let this channel mean a pool',
  usage: '<pool | none>',
  examples: ['bind payments', 'bind none'],
  effect: 'reversible',
  takes: { pool: optional(name) },
  async run(ctx, { pool }) {
    if (!pool) {
      const now = ctx.pool && (await findPool(ctx.db, { orgId: ctx.orgId, id: ctx.pool }))
      return ask(
        now
          ? `This channel means ${now.name}.`
          : 'This channel means no pool yet. Type a pool behind it, like “bind payments”.',
        now ? [{ label: 'bind none', command: 'bind none' }] : [],
      )
    }
    const none = pool.toLowerCase() === 'none'
    const found = none ? null : await poolNamed(ctx, pool, (path) => `bind ${quote(path)}`)
    const { before, channel } = await bindChannel(ctx, { poolId: found?.id ?? null })
    const text = found
      ? `This channel means ${found.name} now. Questions need no scope here, and its alerts come here.`
      : 'This channel means no pool any more.'
    return done(text, { subject: { kind: 'channel', id: channel }, undo: { verb: 'bind', kept: { before } } })
  },
})
