import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { coverageWords, type Coverage } from '../../engine/commitments/coverage.ts'
import type { Kind, Summary } from '../../engine/recommendations/summary.ts'
import { coverageTones } from '../coverage-parts.ts'
import type { View } from '../env.ts'
import { ago, money, plural, stats, type Content } from '../parts.ts'

type Found = { all: Summary; duplicates: DuplicateCheck | null; covered: Coverage }

/** The figures above the cards of advice. */
export function savingFigures({ all, duplicates, covered }: Found, { organization, now }: View): Content {
  const of = (category: Kind['category']) =>
    all.kinds.filter((kind) => kind.category === category).reduce((sum, { count }) => sum + count, 0)
  const critical = all.kinds.filter(({ state }) => state === 'critical').length
  return stats([
    { name: 'Possible savings', value: money(all.totalSaving, organization.currency), note: 'per month', tone: 'good' },
    { name: 'Savings found', value: of('cost'), note: plural(critical, 'critical kind') },
    ...(covered.percent === null
      ? []
      : [
          {
            name: 'Coverage',
            value: `${covered.percent}%`,
            note: `${coverageWords[covered.state]}, last 30 days`,
            tone: coverageTones[covered.state],
            href: '/coverage?range=30d',
          },
        ]),
    { name: 'Security', value: of('security'), note: 'findings' },
    {
      ...{ name: 'S3 duplicates', href: '/duplicates' },
      value: duplicates ? sayBytes(duplicates.duplicateBytes) : 'not looked for',
      note: duplicates?.saving ? [money(duplicates.saving, organization.currency), ' a month'] : 'find equal objects',
    },
    {
      name: 'Last check',
      value: ago(all.lastCheckAt, now),
      note: all.running ? 'one is running now' : `next ${ago(all.nextCheckAt, now)}`,
    },
  ])
}
