import { cloud, type CloudAdapter } from '../cloud.ts'
import { awsBill, awsBillSettings } from './bill.ts'
import { hasty, type AwsOptions } from './client.ts'
import { awsCredentials, otherCredentials } from './credentials.ts'
import { awsDiscovery } from './discover.ts'
import { awsGrants } from './grants.ts'
import { readMetrics } from './metrics.ts'
import { listObjects } from './objects.ts'
import { awsPlaces } from './places.ts'
import { awsPower } from './power.ts'
import { readPrices } from './prices.ts'
import { probe } from './probes.ts'
import { enabledRegions, whoAmI } from './regions.ts'
import { awsSessions } from './sessions.ts'

/** Amazon Web Services through its own SDK; `endpoint` points every service somewhere else (stand-in, emulator). */
export function awsAdapter(given: AwsOptions = {}): CloudAdapter {
  const sessions = awsSessions(hasty(given))
  const options = { ...given, sessions }
  const asked = hasty(options)
  return cloud({
    kind: 'aws',
    title: 'Amazon Web Services',
    credentials: given.anyKey ? otherCredentials : awsCredentials,
    hasPayers: true,
    settings: awsBillSettings,
    ...awsGrants(options),
    probe: probe(asked),
    check: (credentials) => whoAmI({ ...asked, sessions: (role) => sessions(role, 'anew') }, credentials),
    regions: (credentials) => enabledRegions(options, credentials),
    ...awsDiscovery(options),
    metrics: readMetrics(options),
    prices: readPrices(options),
    places: awsPlaces,
    bill: awsBill(options),
    power: awsPower(options),
    objects: listObjects(options),
  })
}
