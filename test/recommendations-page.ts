/** RECOMMENDATIONS.md: what is judged, from what, in which clouds and with which permissions. Made from the modules themselves. */
import { manuals, recommendations } from '../engine/recommendations/catalog.ts'
import { partOf, sayInputs, sourcesOf } from '../engine/recommendations/inputs.ts'
import { cleanOptions } from '../engine/recommendations/options.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { saySettings } from '../engine/recommendations/settings.ts'
import { scriptClouds } from '../engine/recommendations/scripts.ts'
import { awsAdapter } from '../integrations/aws/adapter.ts'
import type { CloudAdapter } from '../integrations/cloud.ts'

/** Adapters that say what each part needs. */
const adapters: CloudAdapter[] = [awsAdapter()]

/** The page as it should be. */
export function recommendationsPage(): string {
  return [
    '# Recommendations',
    '',
    'Made by `test/generate.ts` from the modules in `engine/recommendations`; do not edit. `/finops help <id>` says the same in Slack, with the settings in force.',
    '',
    'Permissions are those of AWS, besides `ec2:DescribeRegions`; the account page shows the whole policy to grant. A card says what it lacks: a recommendation whose inputs cannot be read keeps its last findings.',
    '',
    ...(['cost', 'security'] as const).flatMap((category) => table(category)),
    ...recommendations.flatMap(page),
  ].join('\n')
}

function table(category: Recommendation['category']): string[] {
  const rows = recommendations.filter((one) => one.category === category)
  return [
    `## ${category === 'cost' ? 'Savings' : 'Security'}`,
    '',
    '| Recommendation | Clouds | Reads | Script | Permissions |',
    '|---|---|---|---|---|',
    ...rows.map(row),
    '',
  ]
}

function row(one: Recommendation): string {
  const scripts = scriptClouds(one)
  const cells = [
    `[${one.title}](#${one.id.replaceAll('_', '-')})`,
    one.clouds.join(', '),
    sayInputs(one).join('; '),
    scripts.length ? scripts.join(', ') : '–',
    permissionsOf(one)
      .map((name) => `\`${name}\``)
      .join(' '),
  ]
  return `| ${cells.join(' | ')} |`
}

/** What the parts it reads need, in every cloud that says so. */
function permissionsOf(one: Recommendation): string[] {
  const parts = sourcesOf(one).map(partOf)
  const known = adapters.filter(({ kind }) => one.clouds.includes(kind))
  return [
    ...new Set(known.flatMap(({ permissions }) => parts.flatMap((part) => permissions.parts?.[part] ?? []))),
  ].toSorted()
}

function page(one: Recommendation): string[] {
  const settings = saySettings(one, cleanOptions(one, {})).map(({ label, value }) => `- ${label}: ${value}`)
  return [
    `<a id="${one.id.replaceAll('_', '-')}"></a>`,
    '',
    `## ${one.title}`,
    '',
    `\`${one.id}\`. ${one.advice}${one.dismissable ? '' : ' It can be put off, not dismissed.'}`,
    '',
    manuals[one.id]!,
    '',
    ...(settings.length ? ['Settings and their defaults:', '', ...settings, ''] : []),
  ]
}
