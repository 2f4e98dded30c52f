/** Amounts are exact decimal strings in the organization's currency. Sums are made in SQL; this is for single amounts and words. */
import { Decimal } from 'decimal.js'

/** An exact amount, e.g. "12.5"; `numeric` columns read as this. */
export type Amount = string

/** Days in the month of every saving and price: 30 (spec recommendations, vocabulary). */
export const monthDays = 30

/** Adds, multiplies or compares exactly. */
export const decimal = (amount: Amount | number): Decimal => new Decimal(amount)

/** Is the amount above zero? */
export const isPositive = (amount: Amount): boolean => new Decimal(amount).gt(0)

/** "$1,310" from 100 on, "$14.20" below, "$0.0042" for crumbs; the sign comes first. `currency` is ISO 4217. */
export function formatMoney(amount: Amount | number, currency: string): string {
  const value = new Decimal(amount)
  const size = value.abs()
  const digits = size.gte(100) ? 0 : size.gte(0.01) || size.isZero() ? 2 : 4
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  const text = format.format(value.toNumber())
  return digits === 2 && size.gte(1) && value.isInteger() ? text.replace(/\.00$/, '') : text
}

/** The exact amount with its currency, for tables and files where no digit may go: "12.3456789012 USD". */
export const exactMoney = (amount: Amount, currency: string): string => `${new Decimal(amount).toFixed()} ${currency}`

/** Change from `before` to `now` in per cent, rounded; null when there was nothing before. */
export function percentChange(before: Amount, now: Amount): number | null {
  const from = new Decimal(before)
  return from.isZero() ? null : new Decimal(now).minus(from).div(from.abs()).times(100).round().toNumber()
}
