import { minuteMs } from '../time.ts'

/** A half-open stretch of time [startsAt, endsAt). */
export type Slot = { startsAt: Date; endsAt: Date }

/**
 * The first `count` stretches of `length` milliseconds from `from` on that touch no booking, one after the other. They
 * begin on whole minutes, as people type them. Bookings may come in any order and may overlap. Pure.
 */
export function freeSlots(input: { bookings: Slot[]; from: Date; length: number; count: number }): Slot[] {
  const taken = input.bookings.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  const slots: Slot[] = []
  let start = wholeMinute(input.from)
  while (slots.length < input.count) {
    const end = start + input.length
    const blocking = taken.find((booking) => booking.startsAt.getTime() < end && booking.endsAt.getTime() > start)
    if (!blocking) slots.push({ startsAt: new Date(start), endsAt: new Date(end) })
    start = blocking ? wholeMinute(blocking.endsAt) : wholeMinute(new Date(end))
  }
  return slots
}

const wholeMinute = (at: Date): number => Math.ceil(at.getTime() / minuteMs) * minuteMs

/** The booking that keeps somebody from having this slot, the earliest one, or null. Pure. */
export function firstOverlap<B extends Slot>(bookings: B[], wanted: Slot): B | null {
  const overlapping = bookings.filter((b) => b.startsAt < wanted.endsAt && b.endsAt > wanted.startsAt)
  return overlapping.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())[0] ?? null
}
