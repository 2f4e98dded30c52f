/** Starting to look for duplicates, from a dialog or by bucket names. */
import { listCheckableBuckets, startDuplicateCheck, type StartDuplicateCheck } from '../engine/duplicates/start.ts'
import { notFound } from '../engine/errors.ts'
import type { BotContext } from './context.ts'
import { done, type Done } from './reply.ts'
import { closest, count, listed } from './words.ts'

/** Starts a check and says that a card follows. */
export async function startAndTell(ctx: BotContext, wanted: StartDuplicateCheck): Promise<Done> {
  const check = await startDuplicateCheck(ctx, wanted)
  return done(
    `Looking for duplicates in ${count(check.buckets, 'bucket')}. A card in your direct messages follows it.`,
    {
      subject: { kind: 'duplicates', id: check.id },
    },
  )
}

/** The buckets of these names; NotFound names the one nobody knows and those that are close. */
export async function bucketsNamed(ctx: BotContext, names: string[]): Promise<string[]> {
  const found = await listCheckableBuckets(ctx, { names, limit: names.length * 5 })
  const unknown = names.find((name) => !found.some((bucket) => bucket.name === name))
  if (unknown !== undefined) {
    const all = await listCheckableBuckets(ctx, { limit: 500 })
    const near = closest(
      unknown,
      all.map(({ name }) => name),
    )
    throw notFound(`No connected account has a bucket called “${unknown}”. Nothing was started.`, {
      next: near.length ? `Did you mean ${listed(near)}?` : 'Type “duplicates new” to choose from a list.',
    })
  }
  return found.map(({ id }) => id)
}
