/** Sharing a resource no longer: asked first, because the bookings that go with it cannot be taken back (IC-8). */
import type { EnvironmentRow } from '../db/queries/environments.ts'
import { assertCan } from '../engine/access.ts'
import { unmarkShared } from '../engine/environments/environment.ts'
import { readLosing, sayLosing } from '../engine/environments/losing.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { ask, done, type Reply } from './reply.ts'
import { count } from './words.ts'

/** Says whose bookings go and asks; `sure` does it. What was made by hand is refused with what to do instead. */
export async function unshare(
  ctx: BotContext,
  { environment, sure }: { environment: EnvironmentRow; sure: boolean },
): Promise<Reply> {
  const { id: environmentId, name } = environment
  await assertCan(ctx, 'manage_environments', { name })
  if (environment.resourceId && !sure)
    return ask(
      `Stop sharing ${name}? It stays a resource as it is, only nobody can book it any more. ${sayLosing(await readLosing(ctx, environmentId))}`,
      [{ label: 'Stop Sharing', command: `env unshare ${quote(name)} yes` }],
    )
  const { bookings } = await unmarkShared(ctx, { environmentId })
  const gone = bookings
    ? ` ${count(bookings, 'booking')} went with it; who held ${bookings === 1 ? 'it' : 'them'} is told.`
    : ''
  return done(`${name} is shared no longer.${gone} The machine itself was not touched.`, {
    subject: { kind: 'environment', id: environmentId },
  })
}
