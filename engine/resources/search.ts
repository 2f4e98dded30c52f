import { listResourcesByWords } from '../../db/queries/resource-facts.ts'
import { searchResources } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'

/** Something found in a text, and the word that led to it. */
export type Found = { id: string; word: string }

/** Resources somebody may mean by what they typed, the best match first, at most `limit` (10). */
export async function findResources(
  ctx: Context,
  { text, limit = 10 }: { text: string; limit?: number },
): Promise<Resource[]> {
  await assertCan(ctx, 'see_costs')
  return searchResources(ctx.db, { orgId: ctx.orgId, text, limit })
}

const mostHits = 20
const mostWords = 400

/**
 * Finds the resources a text speaks of: ARNs and other long ids, ids like i-0ab… or eipalloc-…, and names, in any message
 * or log. At most twenty, ids before names. One query, however long the text.
 */
export async function lookUp(ctx: Context, text: string): Promise<Found[]> {
  await assertCan(ctx, 'see_costs')
  const words = wordsOf(text)
  return words.length ? listResourcesByWords(ctx.db, { orgId: ctx.orgId, words, limit: mostHits }) : []
}

/**
 * The words of a text that may name a resource, in lower case: what stands between blanks and brackets, without punctuation
 * around it; of an ARN, path or address also its parts. Words of one or two letters name nothing.
 */
export function wordsOf(text: string): string[] {
  const pieces = text
    .slice(0, 20_000)
    .toLowerCase()
    .split(/[\s<>|()[\]{}"'`,;*~]+/)
  const words = pieces.flatMap((piece) => {
    const word = piece.replace(/^[^\p{L}\p{N}/]+|[^\p{L}\p{N}%_-]+$/gu, '')
    return /[/:=?&]/.test(word) ? [word, ...word.split(/[/:=?&]+/)] : [word]
  })
  return [...new Set(words.filter((word) => word.length > 2 && word.length <= 512))].slice(0, mostWords)
}
