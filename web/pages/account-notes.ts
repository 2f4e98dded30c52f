import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { ReadNote } from '../../engine/accounts/health.ts'
import { partTitle, sayProblems, type SaidProblem } from '../../engine/accounts/problems.ts'
import type { View } from '../env.ts'
import { postButton, titleOf } from '../form-parts.ts'
import { fold, moment, plural, quiet, table, twoLines, type Content } from '../parts.ts'

/** What could not be read, each problem once with what to do, else the parts and when they were read. */
export function notesTable(notes: ReadNote[], view: View): Content {
  const bad = notes.filter(({ problem }) => problem)
  const parts = [...Map.groupBy(notes, ({ part }) => part)]
  const read = table<[string, ReadNote[]]>(
    [
      { title: 'Part', head: true, cell: ([part, places]) => twoLines(titleOf(partTitle(part)), regionsOf(places)) },
      { title: 'Read', cell: ([, places]) => moment(earliest(places), view) },
    ],
    parts,
    {
      caption: 'Parts of the account and when they were read',
      empty: 'Nothing was read by key; costs come from uploaded bills.',
    },
  )
  if (bad.length === 0) return read
  const problems = table<SaidProblem>(
    [
      { title: 'Not read', head: true, cell: ({ what, where }) => twoLines(what, where) },
      { title: 'What to do', cell: ({ next }) => next },
    ],
    sayProblems(bad),
    { caption: 'What could not be read of the account and what to do', empty: '' },
  )
  const count = `${bad.length} of ${notes.length} parts could not be read; what was known of them stays.`
  return [problems, quiet(count), fold('All parts', read)]
}

/** What a cloud left out of its answer stays until a person says that it is gone. */
export const believing = (account: Account, { notes, view }: { notes: ReadNote[]; view: View }): Content =>
  notes.some(({ problem }) => problem?.kind === 'doubt')
    ? postButton(view, { action: `/accounts/${account.id}/vanished`, submit: 'They are really gone' })
    : null

const regionsOf = (places: ReadNote[]): string => {
  const named = places.filter(({ region }) => region)
  return named.length > 1 ? plural(named.length, 'region') : (named[0]?.region ?? '')
}

/** The part is as fresh as the region read longest ago; null while one was never read. */
function earliest(places: ReadNote[]): Date | null {
  const times = places.map(({ readAt }) => readAt)
  return times.reduce((oldest, at) => (oldest && at && at < oldest ? at : oldest && at ? oldest : null))
}
