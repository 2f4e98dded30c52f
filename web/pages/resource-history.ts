import type { FindingRow } from '../../db/queries/recommendations.ts'
import type { ConstraintHit } from '../../db/schema/constraints.ts'
import type { Event } from '../../db/schema/events.ts'
import { formatMoney } from '../../engine/money.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import type { View } from '../env.ts'
import { evidenceOf } from '../finding-parts.ts'
import { decisionForms } from './finding.ts'
import * as parts from '../parts.ts'

/** Violations of constraints. */
export function hitTable(hits: ConstraintHit[], view: View): parts.Content {
  const say = ({ type, limit, value }: ConstraintHit): parts.Content =>
    type === 'ttl'
      ? `should have ended ${parts.sayMoment(new Date(Number(limit) * 1000), view.person.zone)}`
      : `${formatMoney(value, view.organization.currency)} a day, limit ${formatMoney(limit, view.organization.currency)}`
  return parts.table<ConstraintHit>(
    [
      { title: 'When', head: true, cell: (hit) => parts.moment(hit.at, view) },
      {
        title: 'What',
        cell: (hit) =>
          parts.twoLines(
            hit.state === 'RED' ? parts.badge('violated', 'bad') : parts.badge('fine again', 'good'),
            say(hit),
          ),
      },
    ],
    hits,
    { caption: 'Violations of constraints, newest first', empty: 'It has not violated a constraint.' },
  )
}

/** What people did to it. */
export function eventTable(events: Event[], view: View): parts.Content {
  return parts.table<Event>(
    [
      { title: 'When', head: true, cell: (event) => parts.moment(event.at, view) },
      { title: 'What', cell: (event) => event.name.replaceAll(/[.-]/g, ' ') },
    ],
    events,
    { caption: 'Events of this resource, newest first', empty: 'Nobody has changed it yet.' },
  )
}

/** What is advised about it. */
export function findingTable(findings: FindingRow[], view: View): parts.Content {
  return parts.table<FindingRow>(
    [
      {
        title: 'Recommendation',
        head: true,
        cell: (row) =>
          parts.twoLines(
            parts.link(`/savings/${row.recommendation}`, getRecommendation(row.recommendation).title),
            row.status === 'active' ? '' : row.status,
          ),
      },
      { title: 'Why', cell: (row) => evidenceOf(getRecommendation(row.recommendation), row.evidence, view) },
      { title: 'Saving a month', number: true, cell: (row) => parts.money(row.saving, view.organization.currency) },
      { title: 'Decide', cell: (row) => parts.fold('Decide', decisionForms(row, view, 'resource')) },
    ],
    findings,
    { caption: 'Recommendations about this resource', empty: 'Nothing to improve was found.' },
  )
}
