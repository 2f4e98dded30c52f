import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awsPlaces, closeRegions, placeOf, refreshPlaces } from '../../../integrations/aws/places.ts'
import { awsWorld, credentials } from './aws-world.ts'

const { aws } = await awsWorld()
const options = { endpoint: aws.url, attempts: 1, timeoutMs: 2000 }
const sells = (region: string, location: string, locationType = 'AWS Region') => ({
  ...{ region, type: 't3.micro', cpus: 2, memoryGib: 1, usd: '0.0104', attributes: { location, locationType } },
})

describe('the map of AWS regions', () => {
  it('has no two partitions or continents close to each other', () => {
    expect(closeRegions('us-east-1')).toEqual([
      ...['ca-central-1', 'ca-west-1', 'mx-central-1', 'us-east-2', 'us-west-1', 'us-west-2'],
    ])
    expect(closeRegions('us-gov-west-1')).toEqual(['us-gov-east-1'])
    expect(closeRegions('cn-north-1')).toEqual(['cn-northwest-1'])
    expect(closeRegions('sa-east-1')).toEqual([])
    expect(closeRegions('moon-north-1')).toEqual([])
  })

  it('agrees with what the codes say', () => {
    for (const [code, place] of Object.entries(awsPlaces))
      expect([code, placeOf(code, place.name)]).toEqual([code, place])
  })

  it('is read again from the price list; what the list does not name stays, what nobody knows is said', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'finops-maps-')), 'regions.json')
    const before = await readFile(join(import.meta.dirname, '../../../integrations/aws/regions.json'), 'utf8')
    await writeFile(path, before)
    aws.state.prices = [
      sells('eu-west-1', 'EU (Ireland)'),
      sells('us-east-1', 'US East (Virginia)'),
      sells('af-north-1', 'Africa (Cairo)'),
      sells('moon-north-1', 'Moon (North)'),
      sells('us-west-2-lax-1', 'US West (Los Angeles)', 'AWS Local Zone'),
    ]
    expect(await refreshPlaces(options, { credentials, path })).toEqual({
      ...{ added: ['af-north-1'], renamed: ['us-east-1'], unknown: ['moon-north-1'] },
      regions: Object.keys(awsPlaces).length + 1,
    })
    const after = await readFile(path, 'utf8')
    const { regions } = JSON.parse(after) as { regions: Record<string, unknown> }
    expect(regions['af-north-1']).toEqual({ name: 'Africa (Cairo)', continent: 'africa', partition: 'aws' })
    expect(regions['cn-north-1']).toEqual(awsPlaces['cn-north-1'])
    const changed = after.split('\n').filter((line) => !before.includes(line))
    expect(changed).toEqual([
      '    "af-north-1": { "name": "Africa (Cairo)", "continent": "africa", "partition": "aws" },',
      '    "us-east-1": { "name": "US East (Virginia)", "continent": "north america", "partition": "aws" },',
    ])
  })

  it('stays as it is when AWS refuses', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'finops-maps-')), 'regions.json')
    await writeFile(path, '{"source":"s","regions":{}}')
    aws.trouble({ kind: 'refused', service: 'pricing' })
    await expect(refreshPlaces(options, { credentials, path })).rejects.toMatchObject({ kind: 'missing_permission' })
    expect(await readFile(path, 'utf8')).toBe('{"source":"s","regions":{}}')
  })
})
