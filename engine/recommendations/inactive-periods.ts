/** Hours of a week (UTC, Monday first) in which something does nothing; both ends are whole hours that belong to it. */
export type InactivePeriod = Record<'start' | 'end', { day_of_week: number; hour: number }>

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hour = ({ day_of_week: day, hour: at }: InactivePeriod['start'], minutes: string) =>
  `${days[day]} ${String(at).padStart(2, '0')}:${minutes}`

/** "Sat 00:00 to Sun 23:59, and 2 more": the first three, and how many are left out. */
export function sayPeriods(list: InactivePeriod[]): string {
  const shown = list.slice(0, 3).map(({ start, end }) => `${hour(start, '00')} to ${hour(end, '59')}`)
  return [...shown, ...(list.length > 3 ? [`${list.length - 3} more`] : [])].join(', ')
}
