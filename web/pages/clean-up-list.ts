import { listCleanUps, type CleanUpRow } from '../../db/queries/clean-ups.ts'
import { followMs, sayOutcome } from '../../engine/clean-ups/verify.ts'
import type { Context } from '../../engine/context.ts'
import type { View } from '../env.ts'
import { link, moment, money, plural, section, table, twoLines, type Content } from '../parts.ts'
import { states } from './clean-up.ts'
import { cleanUpPolicy } from './clean-up-policy.ts'

/** More than that at once are looked for in chat, where each has its message. */
const most = 20

/** Clean-ups under way with what came of them so far, if there are any, and when one is approved. */
export async function cleanUps(ctx: Context, view: View): Promise<Content> {
  const since = new Date(ctx.now().getTime() - followMs)
  const found = await listCleanUps(ctx.db, { orgId: ctx.orgId, since, limit: most })
  return [found.length ? section('Clean-ups under way', rows(found, view)) : null, await cleanUpPolicy(ctx, view)]
}

const rows = (found: CleanUpRow[], view: View): Content =>
  table<CleanUpRow>(
    [
      {
        title: 'Clean-up',
        head: true,
        cell: ({ id, items, personName }) =>
          twoLines(link(`/clean-ups/${id}`, plural(items.length, 'resource')), `asked for by ${personName}`),
      },
      { title: 'State', cell: ({ items, state }) => twoLines(states[state], sayOutcome(items)) },
      { title: 'Asked', cell: ({ requestedAt }) => moment(requestedAt, view) },
      { title: 'Saves per month', number: true, cell: ({ saving }) => money(saving, view.organization.currency) },
    ],
    found,
    { caption: 'Clean-ups under way and what came of them', empty: '' },
  )
