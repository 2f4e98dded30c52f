/** What the demo's bills are written from. */
import type { Decimal } from 'decimal.js'

export type DemoResource = {
  id: string
  /** The number of its account in the data, and the one the cloud gave it. */
  account: string
  owner: string
  cloudResourceId: string
  name: string
  type: string
  service: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  active: boolean
  createdSecondsAgo: number
}

/** What a resource cost on a day. */
export type Charge = { day: string; cost: string; resource: DemoResource }

/** Hours of a machine that a commitment pays for: what they cost with it and what they would cost without. */
export type Covered = { hours: Decimal; cost: Decimal; list: Decimal; arn: string }
/** What pays for a machine on a day, or how much of a fee was used. */
export type Cover = { reserved?: Covered; planned?: Covered; used?: Decimal }
