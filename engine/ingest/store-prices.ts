import {
  deleteSpotPrices,
  insertSpotPrices,
  upsertCommitmentOffers,
  upsertMachineTypes,
} from '../../db/queries/prices.ts'
import type { CommitmentOfferRow, MachineType } from '../../db/schema/prices.ts'
import type { PricePart } from '../../db/vocabulary.ts'
import type {
  CommitmentOffer,
  Credentials,
  MachineOffer,
  PriceRequest,
  PriceRoles,
  SpotPrice,
} from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'
import { dayMs } from '../time.ts'

/** Rows per statement. */
const batchSize = 1000
/** Spot prices that were replaced so long ago tell nothing any more. */
const keepSpotMs = 60 * dayMs

export type PriceSource = { ctx: Context; cloud: string; credentials: Credentials; roles: PriceRoles }

/** Reads one part of a region's prices and stores it. Throws `CloudError`; what was read before stays. */
export async function readPart(source: PriceSource, wanted: PriceRequest & { part: PricePart }): Promise<void> {
  const { roles, credentials } = source
  const { part, ...request } = wanted
  if (part === 'spot') return storeSpot(source, { ...request, prices: roles.spot?.(credentials, request) })
  if (part === 'reservations' || part === 'plans') return storeOffers(source, roles[part]?.(credentials, request))
  return storeMachines(source, roles[part]?.(credentials, request))
}

async function storeMachines(
  { ctx, cloud }: PriceSource,
  offers: AsyncIterable<MachineOffer> | undefined,
): Promise<void> {
  const rows = new Map<string, MachineType>()
  for await (const offer of offers ?? []) {
    const key = [offer.region, offer.name, offer.os, offer.software].join(' ')
    const known = rows.get(key)
    if (!known || Number(offer.hourlyPrice) > Number(known.hourlyPrice))
      rows.set(key, { ...offer, cloud, seenAt: ctx.now() })
  }
  for (const part of batches([...rows.values()])) await upsertMachineTypes(ctx.db, part)
}

async function storeOffers(
  { ctx, cloud }: PriceSource,
  offers: AsyncIterable<CommitmentOffer> | undefined,
): Promise<void> {
  const rows = new Map<string, CommitmentOfferRow>()
  for await (const offer of offers ?? []) {
    const { region, flavor, os, software, tenancy, kind, offeringId } = offer
    const key = [region, flavor, os, software, tenancy, kind, offeringId].join(' ')
    const known = rows.get(key)
    if (!known || Number(offer.hourly) > Number(known.hourly)) rows.set(key, { ...offer, cloud, seenAt: ctx.now() })
  }
  for (const part of batches([...rows.values()])) await upsertCommitmentOffers(ctx.db, part)
}

async function storeSpot(
  { ctx, cloud }: PriceSource,
  { region, prices }: { region: string; prices: AsyncIterable<SpotPrice> | undefined },
): Promise<void> {
  let rows: (SpotPrice & { cloud: string })[] = []
  for await (const price of prices ?? []) {
    rows.push({ ...price, cloud })
    if (rows.length < batchSize) continue
    await insertSpotPrices(ctx.db, rows)
    rows = []
  }
  await insertSpotPrices(ctx.db, rows)
  await deleteSpotPrices(ctx.db, { cloud, region, before: new Date(ctx.now().getTime() - keepSpotMs) })
}

const batches = <T>(rows: T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, n) => rows.slice(n * batchSize, (n + 1) * batchSize))
