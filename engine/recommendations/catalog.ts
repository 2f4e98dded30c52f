// Made by test/generate.ts. Do not edit.
import abandonedInstances from './abandoned-instances.ts'
import instancesForShutdown from './instances-for-shutdown.ts'
import instancesInStoppedStateForALongTime from './instances-in-stopped-state-for-a-long-time.ts'
import obsoleteIps from './obsolete-ips.ts'
import rightsizingInstances from './rightsizing-instances.ts'
import volumesNotAttachedForALongTime from './volumes-not-attached-for-a-long-time.ts'

/** Every default export of this folder, by file name. */
export const recommendations = [
  abandonedInstances,
  instancesForShutdown,
  instancesInStoppedStateForALongTime,
  obsoleteIps,
  rightsizingInstances,
  volumesNotAttachedForALongTime,
]

/** The doc comment of each file is its manual: what is reported, how the saving is computed, how it ends. */
export const manuals: Record<string, string> = {
  abandoned_instances: `An instance that does nothing all week is probably forgotten.

Reported when it is older than \`days_threshold\` days and over that time its average CPU was below
\`cpu_percent_threshold\` and its average traffic, in and out together, below \`network_bps_threshold\`. Without all three
metrics nothing is said. Saving: its average cost per day over the same days, times 30. Ends as applied when the
instance is gone, as irrelevant when it works again. Source: monitoring (activity) and the bill (cost).`,
  instances_for_shutdown: `An instance that does nothing at the same hours every week need not run then.

The last \`days_threshold\` whole days are folded into one week of 168 hours (UTC). An hour is inactive when its average
CPU is below \`cpu_percent_threshold\` and its average traffic, in and out together, below \`network_bps_threshold\`; hours
without measurements are not. Reported when at least one hour is. Saving: the average cost per hour times the inactive
hours of a week, for 30 days. Ends as deleted when the instance is gone, as applied when all those hours are busy or
powered off. Source: monitoring (activity) and the bill (cost).`,
  instances_in_stopped_state_for_a_long_time: `An instance that is stopped but not deallocated is charged as if it ran.

Reported when it was not seen running for more than \`days_threshold\` days and keeps its hardware: an Azure machine
that is stopped but not deallocated, an Alibaba one stopped in the mode that keeps charging. Saving: its cost per day
since it last ran, at most 31 days back, times 30. Ends as applied when the instance is gone, as irrelevant when it
runs or is deallocated. Source: discovery (state) and the bill (cost).`,
  obsolete_ips: `A public address nobody uses still costs money.

Reported when it is older than \`days_threshold\` days, was used by nothing that runs for as long, and is on the bill.
Saving: its cost per day since it was last seen in use, at most 31 days back, times 30. Ends as applied when the
address is released, as irrelevant when it is used again. Source: discovery (use) and the bill (cost).`,
  rightsizing_instances: `An instance whose CPU is mostly idle fits into a smaller machine type of its family.

Reported when it is older than \`days_threshold\` days, is not a spot instance, and its CPU (\`metric_type\`: average,
median, 99th percentile or peak) would stay at or below \`metric_limit\` per cent on fewer CPUs. The advice is the smallest
such type of the same family, region and system with as much memory per CPU, if it is cheaper. Saving: the resource's
own cost per 30 days times the difference of the two list prices (in USD organizations at most that difference itself).
The average hides peaks: before resizing, look at the peak and its projection. Ends as deleted when the instance is
gone, as applied when it has the advised type, as failed when type, price or metric is no longer known, as irrelevant
when the advised type costs no less than the instance.
Sources: monitoring (CPU), the bill (cost) and the price list of machine types; without one nothing is judged.`,
  volumes_not_attached_for_a_long_time: `A volume nothing is attached to still costs money.

Reported when it was attached to nothing for more than \`days_threshold\` days. Saving: its cost per day since it was
last seen attached, at most 31 days back, times 30. Ends as applied when the volume is gone, as irrelevant when it
is attached again. Source: discovery (attachment) and the bill (cost).`,
}
