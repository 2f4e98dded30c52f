/**
 * Where AWS regions lie. The map is data (`regions.json`); `npm run finops -- refresh-maps` reads the regions from the price
 * list again. The first part of a code says the continent: AWS Regions and Availability Zones user guide.
 */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Credentials, RegionPlace } from '../cloud.ts'
import type { AwsOptions } from './client.ts'
import { products } from './products.ts'

const file = join(import.meta.dirname, 'regions.json')
const map = z.object({
  source: z.string(),
  regions: z.record(z.string(), z.object({ name: z.string(), continent: z.string(), partition: z.string() })),
})

/** Every region by its code. */
export const awsPlaces: Record<string, RegionPlace> = map.parse(JSON.parse(readFileSync(file, 'utf8'))).regions

/** The other regions of the same continent and partition; none for a region the map does not know. */
export function closeRegions(region: string): string[] {
  const own = awsPlaces[region]
  const isClose = ({ continent, partition }: RegionPlace) => continent === own?.continent && partition === own.partition
  return Object.entries(awsPlaces).flatMap(([code, place]) => (code !== region && isClose(place) ? [code] : []))
}

const continents: Record<string, string> = {
  us: 'north america',
  ca: 'north america',
  mx: 'north america',
  sa: 'south america',
  eu: 'europe',
  eusc: 'europe',
  ap: 'asia pacific',
  cn: 'asia pacific',
  me: 'middle east',
  il: 'middle east',
  af: 'africa',
}
const partitions: [RegExp, string][] = [
  [/^us-gov-/, 'aws-us-gov'],
  [/^cn-/, 'aws-cn'],
  [/^eusc-/, 'aws-eusc'],
]

/** Where a region lies by its code; null when its continent is not known here yet. */
export function placeOf(code: string, name: string): RegionPlace | null {
  const continent = continents[code.split('-')[0]!]
  const partition = partitions.find(([pattern]) => pattern.test(code))?.[1] ?? 'aws'
  return continent === undefined ? null : { name, continent, partition }
}

/** What a refresh changed; `unknown` are regions whose continent nobody told us, they were left out. */
export type MapChange = { added: string[]; renamed: string[]; unknown: string[]; regions: number }

/**
 * Reads the regions from the price list (every region sells `t3.micro`) and rewrites the map. Regions the list does not
 * name stay: China has a price list of its own. Throws `CloudError`; then the file is as it was.
 */
export async function refreshPlaces(
  options: AwsOptions,
  { credentials, path = file }: { credentials: Credentials; path?: string },
): Promise<MapChange> {
  const before = map.parse(JSON.parse(readFileSync(path, 'utf8')))
  const regions = { ...before.regions }
  const change: MapChange = { added: [], renamed: [], unknown: [], regions: 0 }
  const fields = { instanceType: 't3.micro', operatingSystem: 'Linux', locationType: 'AWS Region' }
  for await (const { product } of products(options, { credentials, service: 'AmazonEC2', fields })) {
    const { regionCode: code = '', location = '' } = product?.attributes ?? {}
    const name = location.replace(/^EU \(/, 'Europe (')
    if (!code || !name || regions[code]?.name === name) continue
    const place = placeOf(code, name)
    if (!place) change.unknown = [...new Set([...change.unknown, code])]
    else {
      change[code in regions ? 'renamed' : 'added'].push(code)
      regions[code] = place
    }
  }
  const sorted = Object.fromEntries(Object.entries(regions).sort(([a], [b]) => (a < b ? -1 : 1)))
  const lines = Object.entries(sorted).map(([code, { name, continent, partition }]) => {
    const words = Object.entries({ name, continent, partition }).map(
      ([key, word]) => `"${key}": ${JSON.stringify(word)}`,
    )
    return `    "${code}": { ${words.join(', ')} }`
  })
  const text = `{\n  "source": ${JSON.stringify(before.source)},\n  "regions": {\n${lines.join(',\n')}\n  }\n}\n`
  await writeFile(path, text)
  return { ...change, regions: Object.keys(sorted).length }
}
