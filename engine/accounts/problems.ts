/** What could not be read of an account, in words: what AWS or another cloud said, of which parts, in which regions, and what to do. */
import type { AccountHealth } from '../../db/vocabulary.ts'

/**
 * What went wrong in the words of a `CloudError`. Two kinds leave the health as it is: `throttled` passes by itself,
 * `doubt` is an answer that was read but not believed.
 */
export type Problem = { kind: AccountHealth | 'throttled' | 'doubt'; message: string }

/** How reading one part of an account went; no problem is success. */
export type PartResult = {
  /** A resource type, a kind of inventory, 'regions', 'metrics' or 'bill'. */
  part: string
  /** '' for what has no region. */
  region: string
  problem: Problem | null
}

const titles: Record<string, string> = {
  metrics: 'Metrics',
  prices: 'Prices',
  image: 'Images',
  user: 'Users',
  security_group: 'Security groups',
}

/** A part as people read it. */
export const partTitle = (part: string): string => titles[part] ?? part

/** One thing that went wrong, wherever it did. `where` is '' when `what` says it, as that of a doubt or of the bill does. */
export type SaidProblem = { what: string; where: string; next: string; kind: Problem['kind'] }

/** The problems of the parts, each message once, those that befell most parts first. */
export function sayProblems(results: PartResult[]): SaidProblem[] {
  const bad = results.flatMap((result) => (result.problem ? [{ ...result, problem: result.problem }] : []))
  const byMessage = [...Map.groupBy(bad, ({ problem }) => problem.message).values()]
  return byMessage
    .toSorted((one, other) => other.length - one.length)
    .map((same) => {
      const { kind, message: what } = same[0]!.problem
      return { what, kind, next: nexts[kind] ?? '', where: kind === 'doubt' ? '' : sayWhere(same) }
    })
}

/** The first problem in one sentence or two, and how many others there are; null when there is none. */
export function sayFirst(results: PartResult[]): string | null {
  const [first, ...others] = sayProblems(results)
  if (!first) return null
  const what = first.where ? `${first.what.replace(/\.$/, '')} (${first.where}).` : first.what
  return others.length ? `${what} ${others.length} more on the account page.` : what
}

/** No policy of the key can lift what is forbidden above it. */
export const deniedNext =
  'Ask the administrator of the cloud organization to allow it; adding it to the policy of the key changes nothing.'

/** AWS and its like refuse requests whose moment is more than some minutes off. */
export const clockNext =
  'Set the clock of the machine this runs on, best by a time server (NTP); then it goes on by itself.'

const nexts: Partial<Record<Problem['kind'], string>> = {
  wrong_clock: clockNext,
  bad_credentials: 'Save a new key on the account, or let its role trust this installation again.',
  missing_permission: 'Add the permission to its policy; the account page shows the whole policy.',
  denied: deniedNext,
  unreachable: 'Nothing to do: it is asked again every few minutes, the last known state stays.',
  throttled: 'Nothing to do: it is asked again in a few minutes, the last known state stays.',
  bad_bill: 'Open the last import: it names the file, the line and the reason.',
  doubt: 'If they are really gone, confirm it on the account.',
}

/** "Volume in us-east-1 and 2 other regions, Users". */
function sayWhere(results: PartResult[]): string {
  const named = results.filter(({ part }) => part !== 'bill' && part !== 'regions')
  const byPart = [...Map.groupBy(named, ({ part }) => part)]
  return byPart
    .map(([part, own]) => {
      const [region, ...others] = own.map((each) => each.region).filter(Boolean)
      if (!region) return partTitle(part)
      const more = others.length > 1 ? ` and ${others.length} other regions` : others[0] ? ` and ${others[0]}` : ''
      return `${partTitle(part)} in ${region}${more}`
    })
    .join(', ')
}
