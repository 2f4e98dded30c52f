import type { PriceRoles } from '../cloud.ts'
import type { AwsOptions } from './client.ts'
import { readDatabases, readMachines, readNearbyMachines } from './machine-types.ts'
import { readReservations } from './reservations.ts'
import { readSavingsPlans } from './savings-plans.ts'
import { readSpotPrices } from './spot-prices.ts'

/** Every price list of AWS we read. */
export const readPrices = (options: AwsOptions): PriceRoles => ({
  machines: readMachines(options),
  databases: readDatabases(options),
  nearby: readNearbyMachines(options),
  spot: readSpotPrices(options),
  reservations: readReservations(options),
  plans: readSavingsPlans(options),
})
