/** The exact list that is approved and handed over, and its files. */
import { createHash } from 'node:crypto'
import { listFindings, sumSavings, type FindingFilter, type FindingRow } from '../../db/queries/recommendations.ts'
import type { CleanUp, CleanUpItem, CleanUpList } from '../../db/schema/clean-ups.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Amount } from '../money.ts'
import { getRecommendation } from '../recommendations/options.ts'
import {
  accountsOf,
  allowedOf,
  fileNamesOf,
  jsonOf,
  listOf,
  longestList,
  scriptClouds,
  scriptOf,
} from '../recommendations/scripts.ts'

/** `leftOut`: findings that are not the person's. */
export type Frozen = { items: CleanUpItem[]; lists: CleanUpList[]; sha256: string; saving: Amount; leftOut: number }

/**
 * Freezes what the person may clean up of these findings; what no script does stays on it as work by hand. NotFound when
 * nothing of it is there any more, Forbidden when none of it is theirs. Changes nothing.
 */
export async function freeze(
  ctx: Context,
  which: Pick<FindingFilter, 'ids' | 'recommendation' | 'status'>,
): Promise<Frozen> {
  const where = { orgId: ctx.orgId, now: ctx.now(), limit: longestList, ...which }
  const rows = (await listFindings(ctx.db, where)).filter(({ status }) => status === 'active' || status === 'snoozed')
  if (rows.length === 0)
    throw notFound('Nothing is left to clean up. Nothing was changed.', {
      next: 'Type `recs` to see what is there now.',
    })
  const allowed = await allowedOf(ctx, rows)
  const kinds = [...Map.groupBy(allowed, ({ recommendation }) => recommendation)]
  const lists = kinds.flatMap(([recommendation, own]) =>
    listsOf(
      recommendation,
      own.filter((row) => !isByHand(row)),
    ),
  )
  const items = kinds.flatMap(([, own]) => own.map(toItem))
  return {
    ...{ items, lists, sha256: hashOf(items, lists), leftOut: rows.length - allowed.length },
    saving: await sumSavings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ids: allowed.map(({ id }) => id) }),
  }
}

function hashOf(items: CleanUpItem[], lists: CleanUpList[]): string {
  const hash = createHash('sha256')
  for (const { json } of lists) hash.update(json)
  const byHand = items
    .filter((item) => item.byHand)
    .map(({ recommendation, accountId, key }) => [recommendation, accountId, key])
  // A list that comes as one file has the checksum people can compute of it.
  if (byHand.length) hash.update(JSON.stringify(byHand))
  return hash.digest('hex')
}

/**
 * The part of a frozen list that has these findings, frozen like a list of its own: the files lose the others, and nothing
 * is asked of the present, except what the part saves now.
 */
export async function narrowTo(
  ctx: Context,
  { items, lists }: Pick<CleanUp, 'items' | 'lists'>,
  findingIds: ReadonlySet<string>,
): Promise<Pick<CleanUp, 'items' | 'declined' | 'lists' | 'sha256' | 'saving'>> {
  const kept = items.filter(({ findingId }) => findingIds.has(findingId))
  const declined = items.filter(({ findingId }) => !findingIds.has(findingId))
  const rest = lists.flatMap((list) => narrowList(list, { items, findingIds }))
  const saving = await sumSavings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ids: kept.map((item) => item.findingId) })
  return { items: kept, declined, lists: rest, sha256: hashOf(kept, rest), saving }
}

/** Entries of a list stand in the order of its items, so the place tells which they are. */
function narrowList(
  list: CleanUpList,
  { items, findingIds }: { items: CleanUpItem[]; findingIds: ReadonlySet<string> },
): CleanUpList[] {
  const own = items.filter(({ recommendation, byHand }) => recommendation === list.recommendation && !byHand)
  const isIn = (n: number) => findingIds.has(own[n]!.findingId)
  const entries = (JSON.parse(list.json) as unknown[]).filter((_, n) => isIn(n))
  if (entries.length === 0) return []
  const accountIds = new Set(own.filter((_, n) => isIn(n)).map(({ accountId }) => accountId))
  return [{ ...list, json: jsonOf(entries), accounts: list.accounts.filter(({ id }) => accountIds.has(id)) }]
}

const isByHand = (row: FindingRow): boolean => !scriptClouds(getRecommendation(row.recommendation)).includes(row.cloud)

function listsOf(recommendation: string, rows: FindingRow[]): CleanUpList[] {
  if (rows.length === 0) return []
  return [{ recommendation, json: listOf(getRecommendation(recommendation), rows), accounts: accountsOf(rows) }]
}

const toItem = (row: FindingRow): CleanUpItem => ({
  ...{ findingId: row.id, recommendation: row.recommendation, accountId: row.accountId, resourceId: row.resourceId },
  ...{ key: row.key, name: row.resourceName ?? row.key, saving: row.saving, poolId: row.poolId },
  ...{ byHand: isByHand(row), outcome: null },
})

export type CleanUpFile = { name: string; content: string }

/** The files of a frozen list: a script and a list for each kind and, when there are several, one script that runs them all. */
export function filesOf({ lists, requestedAt }: CleanUp): CleanUpFile[] {
  const made = requestedAt!
  const parts = lists.map(({ recommendation, json, accounts }) => {
    const one = getRecommendation(recommendation)
    const names = fileNamesOf(one, made)
    return {
      names,
      files: [
        { name: names.script, content: scriptOf(one, { json, accounts }, { name: names.script, made }) },
        { name: names.json, content: json },
      ],
    }
  })
  const files = parts.flatMap((part) => part.files)
  return parts.length > 1 ? [{ name: bundleName, content: bundle(parts.map(({ names }) => names)) }, ...files] : files
}

export const bundleName = 'cleanup_all.sh'

/** Runs every script with its list; its own arguments (`--dry-run`, for one) go to each. A script that fails stops no other. */
const bundle = (names: { script: string; json: string }[]): string =>
  [
    '#!/usr/bin/env bash',
    '# Runs every clean-up script of this folder with its list. Arguments go to each of them: --dry-run changes nothing.',
    'set -u',
    'cd "$(dirname "$0")" || exit 1',
    'failed=0',
    ...names.map(({ script, json }) => `bash ${script} ${json} "$@" || failed=1`),
    'exit "$failed"',
    '',
  ].join('\n')
