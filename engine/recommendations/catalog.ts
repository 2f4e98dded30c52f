// Made by test/generate.ts. Do not edit.
import abandonedInstances from './abandoned-instances.ts'
import abandonedKinesisStreams from './abandoned-kinesis-streams.ts'
import inactiveConsoleUsers from './inactive-console-users.ts'
import inactiveUsers from './inactive-users.ts'
import insecureSecurityGroups from './insecure-security-groups.ts'
import instanceGenerationUpgrade from './instance-generation-upgrade.ts'
import instanceMigration from './instance-migration.ts'
import instancesForShutdown from './instances-for-shutdown.ts'
import instancesInStoppedStateForALongTime from './instances-in-stopped-state-for-a-long-time.ts'
import obsoleteImages from './obsolete-images.ts'
import obsoleteIps from './obsolete-ips.ts'
import obsoleteSnapshots from './obsolete-snapshots.ts'
import reservedInstances from './reserved-instances.ts'
import rightsizingInstances from './rightsizing-instances.ts'
import rightsizingRds from './rightsizing-rds.ts'
import s3AbandonedBuckets from './s3-abandoned-buckets.ts'
import s3PublicBuckets from './s3-public-buckets.ts'
import shortLivingInstances from './short-living-instances.ts'
import volumesNotAttachedForALongTime from './volumes-not-attached-for-a-long-time.ts'

/** Every default export of this folder, by file name. */
export const recommendations = [
  abandonedInstances,
  abandonedKinesisStreams,
  inactiveConsoleUsers,
  inactiveUsers,
  insecureSecurityGroups,
  instanceGenerationUpgrade,
  instanceMigration,
  instancesForShutdown,
  instancesInStoppedStateForALongTime,
  obsoleteImages,
  obsoleteIps,
  obsoleteSnapshots,
  reservedInstances,
  rightsizingInstances,
  rightsizingRds,
  s3AbandonedBuckets,
  s3PublicBuckets,
  shortLivingInstances,
  volumesNotAttachedForALongTime,
]

/** The doc comment of each file is its manual: what is reported, how the saving is computed, how it ends. */
export const manuals: Record<string, string> = {
  abandoned_instances: `An instance that does nothing all week is probably forgotten.

Reported when it is older than \`days_threshold\` days and over that time its average CPU was below
\`cpu_percent_threshold\` and its average traffic, in and out together, below \`network_bps_threshold\`. Without all three
metrics nothing is said. Saving: its average cost per day over the same days, times 30. Ends as applied when the
instance is gone, as irrelevant when it works again. Source: monitoring (activity) and the bill (cost).`,
  abandoned_kinesis_streams: `A Kinesis stream with provisioned shards that nobody writes to or reads from costs money every hour.

Reported when it exists for \`days_threshold\` days and the bill shows nothing for it over that time but the hours of its
shards, priced on demand; the time is counted back from the day of the last bill. Saving: its shards by their price per
hour, for 30 days, as its last complete day charges them: one that ended a day before the last bill, because later days
may be billed in part. Ends as applied when the stream is gone from the bill, as failed when its price model changed, as
irrelevant when it is used again. Source: the bill.`,
  inactive_console_users: `A password nobody signs in with is a door to the console nobody needs.

Reported when an IAM user was made more than \`days_threshold\` days ago, may sign in to the console, and did not for as
long; whether its access keys are used does not matter. Saving: none, it is about safety. Ends as applied when the user is gone or may not sign in any
more, as irrelevant when it signed in. Source: discovery.`,
  inactive_users: `A user nobody works as is a door nobody watches.

Reported when an IAM user was made more than \`days_threshold\` days ago and neither its password nor an access key that
still works was used for as long; what was never used counts as long ago, keys that are switched off do not count.
Saving: none, it is about safety. Ends as applied when the user is gone, as irrelevant when its password or a key was used. Source: discovery.`,
  insecure_security_groups: `An instance whose security group lets the whole internet in on a port for administration invites attackers.

Reported when an inbound rule of one of its groups lets everybody (\`0.0.0.0/0\` or \`::/0\`) in on one of
\`insecure_ports\`, or on everything; once per instance and group. Saving: none, it is about safety. Ends as deleted when the instance is gone, as failed when the group was taken
off it, as applied when the group was changed. Source: discovery.`,
  instance_generation_upgrade: `An old machine type may have a successor that costs no more.

Reported when an instance's machine type is one the cloud no longer counts as current, and its region sells a current
one of the same letters (\`m\`, \`c\`, \`r\` …) with as many CPUs, as much memory and the same architecture, system and
edition, of the highest generation and there the cheapest, that costs no more per day than the instance did on its
dearest day of the last 7. Saving: the difference of the two per day, times 30; it may be nothing, for better hardware
at the same price. Ends as deleted when the instance is gone, as applied when it has the advised type, as irrelevant
when it has another one, as failed when no successor is known any more. Source: the bill and the price list.`,
  instance_migration: `The same machine may cost less in a region nearby.

Reported when an instance that is no spot instance has a machine type that another region of the same continent sells
cheaper, same system and edition; government and Chinese regions are places of their own. The advice is the cheapest
of them. Saving: the instance's compute cost per 30 days times the difference of the two list prices (in USD
organizations at most that difference itself). Data that moves between regions costs too: look at it before moving.
Ends as applied when the instance is gone, else when prices or settings changed. Source: the bill and price lists.`,
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
  obsolete_images: `An image nobody starts instances from holds on to snapshots that cost money.

Reported when it was made more than \`days_threshold\` days ago and no instance made from it was seen for as long.
Saving: what its snapshots cost per day on the bill since then, times the days of this month; the image itself is free.
A snapshot that an image in use needs too saves nothing, one that several unused images share counts by its share.
After the image is deregistered its snapshots are advised as obsolete by the next checks. Ends as applied when the
image is gone, as irrelevant when an instance was started from it. Source: discovery (images) and the bill (cost).`,
  obsolete_ips: `A public address nobody uses still costs money.

Reported when it is older than \`days_threshold\` days, was used by nothing that runs for as long, and is on the bill.
Saving: its cost per day since it was last seen in use, at most 31 days back, times 30. Ends as applied when the
address is released, as irrelevant when it is used again. Source: discovery (use) and the bill (cost).`,
  obsolete_snapshots: `A snapshot nothing needs any more still costs money.

Reported when its source volume is gone, no image of the account is made from it, and no volume made from it was seen
for \`days_threshold\` days. Saving: its cost per day over the 30 days before that time, times 30; what cost nothing then
is too new to judge. Ends as applied when the snapshot is gone, as irrelevant when an image or a volume uses it again.
Source: discovery (snapshots, volumes, images) and the bill (cost).`,
  reserved_instances: `An instance that has run for months could be reserved.

Reported when an instance is older than \`days_threshold\` days, the bill of the last 7 days charges it on demand, and
no reservation or savings plan pays for any of it. Two offers of one year for its machine type are compared: a standard
reservation paid upfront (\`saving\`), which binds most and saves most, and a convertible one without upfront
(\`average_saving\`). Saving: what its compute costs now in 30 days, less the offer per month (in USD organizations at most
the list price, less the offer; in others the same share of its cost). Both must save. Ends as deleted when the
instance is gone, as applied when a commitment pays for it, as failed when the offers are no longer known.
Source: the bill (compute), the price list and the offers of reservations. What is covered already: RI/SP coverage.`,
  rightsizing_instances: `An instance whose CPU is mostly idle fits into a smaller machine type of its family.

Reported when it is older than \`days_threshold\` days, is not a spot instance, and its CPU (\`metric_type\`: average,
median, 99th percentile or peak) would stay at or below \`metric_limit\` per cent on fewer CPUs. The advice is the smallest
such type of the same family, region and system with as much memory per CPU, if it is cheaper. Saving: the resource's
own cost per 30 days times the difference of the two list prices (in USD organizations at most that difference itself).
The average hides peaks: before resizing, look at the peak and its projection. Ends as deleted when the instance is
gone, as applied when it has the advised type, as failed when type, price or metric is no longer known, as irrelevant
when the advised type costs no less than the instance.
Sources: monitoring (CPU), the bill (cost) and the price list of machine types; without one nothing is judged.`,
  rightsizing_rds: `A database whose CPU is mostly idle fits into a smaller class of its family.

Reported when an RDS instance is older than \`days_threshold\` days and its CPU (\`metric_type\`: average, median, 99th
percentile or peak) would stay at or below \`metric_limit\` per cent on fewer CPUs. The advice is the smallest such class
of the same family, region, engine and edition with as much memory per CPU, if it is cheaper. Saving: the database's
own cost per 30 days times the difference of the two list prices (in USD organizations at most that difference itself).
The average hides peaks: before resizing, look at the peak and its projection. Ends as deleted when the database is
gone, as applied when it has the advised class, as failed when class, price or metric is no longer known, as irrelevant
when the advised class costs no less than the database.
Sources: monitoring (CPU), the bill (cost) and the price list of database classes; without one nothing is judged.`,
  s3_abandoned_buckets: `A bucket that holds little and is hardly asked for anything is probably forgotten.

Reported when it exists for \`days_threshold\` days and over that time its average stored size was below
\`data_size_threshold\`, it took fewer than \`tier_1_request_quantity_threshold\` requests that write or list, and fewer
than \`tier_2_request_quantity_threshold\` GET requests. No requests on a bill that charges storage count as none; without any figure of its
size nothing is said. Saving: its average cost per day over the same days, times 30. Ends as applied when the bucket is
gone, as irrelevant when it is above those figures again. Source: monitoring or the bill (size), the bill (requests, cost).`,
  s3_public_buckets: `A bucket the whole internet may read or write is either meant to be, or a leak.

Reported when the bucket's policy is public, or its access list grants something to everybody or to every AWS user, and
no public access block of the bucket or of the whole account stands in between. Saving: none, it is about safety. Ends as applied when the bucket is gone or closed.
Source: discovery.`,
  short_living_instances: `Instances that live for a few hours and go again are what spot capacity is made for.

Reported when an instance was started and was gone again within the last \`days_threshold\` days, was charged for less
than six hours, and was no spot instance. Saving: 72 per cent of what the machine cost in that life, the discount AWS,
Azure and Alibaba speak of for spot capacity. It is the money of that life, not of a month: what starts such instances
again and again saves it again each time. Ends as changed settings, when its life falls out of the window.
Source: discovery (what lives) and the bill (hours, cost).`,
  volumes_not_attached_for_a_long_time: `A volume nothing is attached to still costs money.

Reported when it was attached to nothing for more than \`days_threshold\` days. Saving: its cost per day since it was
last seen attached, at most 31 days back, times 30. Ends as applied when the volume is gone, as irrelevant when it
is attached again. Source: discovery (attachment) and the bill (cost).`,
}
