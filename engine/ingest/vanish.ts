import type { Vanishing } from '../../db/queries/vanished.ts'

/** Fewer than this many may always go at once. */
const alwaysFine = 10

const tooMany = ({ known, gone }: Pick<Vanishing, 'known' | 'gone'>) => gone > alwaysFine && gone * 2 > known

/**
 * An answer in which more than half of what was there is missing is more likely a fault of the cloud than a purge.
 * Returns the regions where nothing may be declared gone, with a sentence each: those that lost too many themselves, or
 * all of them when the type lost too many over all regions together.
 */
export function refuseVanishing(type: string, counts: Vanishing[]): Map<string, string> {
  const total = { known: sum(counts.map((c) => c.known)), gone: sum(counts.map((c) => c.gone)) }
  const refused = tooMany(total) ? counts.filter((count) => count.gone > 0) : counts.filter(tooMany)
  return new Map(
    refused.map(({ region, known, gone }) => [
      region,
      `${gone} of ${known} resources of type ${type}${region && ` in ${region}`} were missing from the cloud's answer at once. ` +
        'They are kept as they were; if they are really gone, confirm it on the account.',
    ]),
  )
}

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)
