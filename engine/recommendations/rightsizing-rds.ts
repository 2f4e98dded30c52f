/**
 * A database whose CPU is mostly idle fits into a smaller class of its family.
 *
 * Reported when an RDS instance is older than `days_threshold` days and its CPU (`metric_type`: average, median, 99th
 * percentile or peak) would stay at or below `metric_limit` per cent on fewer CPUs. The advice is the smallest such class
 * of the same family, region, engine and edition with as much memory per CPU, if it is cheaper. Saving: the database's
 * own cost per 30 days times the difference of the two list prices (in USD organizations at most that difference itself).
 * The average hides peaks: before resizing, look at the peak and its projection. Ends as deleted when the database is
 * gone, as applied when it has the advised class, as failed when class, price or metric is no longer known, as irrelevant
 * when the advised class costs no less than the database.
 * Sources: monitoring (CPU), the bill (cost) and the price list of database classes; without one nothing is judged.
 */
import { recommendation } from './recommendation.ts'
import { excludedFlavor, oversized, resized, rightsizingEvidence, rightsizingOptions } from './shared/rightsizing.ts'

export default recommendation({
  id: 'rightsizing_rds',
  title: 'Underutilized RDS instances',
  category: 'cost',
  advice: 'Change the database to the recommended class in its next maintenance window.',
  clouds: ['aws'],
  services: ['RDS'],
  inputs: ['discovery RDS Instance', 'metrics RDS Instance', 'bill', 'prices databases'],
  dismissable: true,
  excludable: true,
  options: rightsizingOptions,
  evidence: rightsizingEvidence,
  excludes: excludedFlavor,
  find: (check, options) => oversized(check, options, 'RDS Instance'),
  ended: (check, options) => resized(check, options, 'RDS Instance'),
})
