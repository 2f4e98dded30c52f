import { z } from 'zod'
import { header, section } from '../blocks.ts'
import { code, join, md, type Rich } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

const facts = z.object({
  calendarId: z.string(),
  removed: z.number(),
  /** Events that stay there; null when they could not even be counted. */
  left: z.number().nullable(),
  reason: z.string().nullable(),
})
type Facts = z.infer<typeof facts>

/** A calendar that was disconnected is free of our events, or why not. To whoever disconnected it. */
export default report({
  name: 'calendar-cleared',
  facts,
  text: (f) =>
    f.reason
      ? join([`Google Calendar is not cleared: ${removedWords(f)}`, leftWords(f), f.reason], ' ')
      : `Calendar cleared: ${removedWords(f)}`,
  slack: (f) => [
    header(f.reason ? 'Google Calendar is not cleared' : 'Google Calendar is cleared'),
    section(
      f.reason
        ? join([removedWords(f), leftWords(f), f.reason, md`Delete them in ${code(f.calendarId)} by hand.`], ' ')
        : md`${removedWords(f)} You can un-share ${code(f.calendarId)} now.`,
    ),
  ],
  footer: () => ({ link: '/environments', command: 'calendar' }),
  samples: {
    usual: { calendarId: 'abc@group.calendar.google.com', removed: 14, left: 0, reason: null },
    some: {
      ...{ calendarId: 'abc@group.calendar.google.com', removed: 9, left: 5 },
      reason: 'There are not enough permissions to change this calendar.',
    },
    unseen: {
      ...{ calendarId: 'abc@group.calendar.google.com', removed: 0, left: null },
      reason: 'This calendar was not found.',
    },
  },
})

const removedWords = ({ removed, left }: Facts): string =>
  left === null ? 'No event was removed in the end.' : `${count(removed, 'event')} removed.`

function leftWords({ left }: Facts): Rich | string {
  if (left === null) return 'How many are left could not be seen.'
  return `${count(left, 'event')} could not be removed.`
}
