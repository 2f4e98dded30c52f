/**
 * An instance whose CPU is mostly idle fits into a smaller machine type of its family.
 *
 * Reported when it is older than `days_threshold` days, is not a spot instance, and its CPU (`metric_type`: average,
 * median, 99th percentile or peak) would stay at or below `metric_limit` per cent on fewer CPUs. The advice is the smallest
 * such type of the same family, region and system with as much memory per CPU, if it is cheaper. Saving: the resource's
 * own cost per 30 days times the difference of the two list prices (in USD organizations at most that difference itself).
 * The average hides peaks: before resizing, look at the peak and its projection. Ends as deleted when the instance is
 * gone, as applied when it has the advised type, as failed when type, price or metric is no longer known, as irrelevant
 * when the advised type costs no less than the instance.
 * Sources: monitoring (CPU), the bill (cost) and the price list of machine types; without one nothing is judged.
 */
import { recommendation } from './recommendation.ts'
import { excludedFlavor, oversized, resized, rightsizingEvidence, rightsizingOptions } from './shared/rightsizing.ts'

export default recommendation({
  id: 'rightsizing_instances',
  title: 'Underutilized instances',
  category: 'cost',
  advice: 'Change the instance to the recommended machine type; it restarts.',
  clouds: ['aws', 'azure'],
  services: ['EC2', 'Azure Compute'],
  inputs: ['discovery Instance', 'metrics Instance', 'bill', 'prices machines'],
  dismissable: true,
  excludable: true,
  options: rightsizingOptions,
  evidence: rightsizingEvidence,
  excludes: excludedFlavor,
  find: (check, options) => oversized(check, options, 'Instance'),
  ended: (check, options) => resized(check, options, 'Instance'),
})
