import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { report } from './message.ts'

/** What was done, in one line, and how to take it back. */
export default report({
  name: 'receipt',
  facts: z.object({
    sentence: z.union([z.string(), z.object({ rich: z.string() })]),
    /** The receipt that can be undone within 30 minutes. */
    undo: z.string().nullable(),
    next: z
      .object({
        label: z.string(),
        verb: z.string(),
        id: z.string().optional(),
        rev: z.number().optional(),
        arg: z.string().optional(),
      })
      .nullable(),
  }),
  text: (f) => f.sentence,
  slack: (f) => [
    section(f.sentence),
    ...(f.undo || f.next
      ? [
          actions(
            f.undo ? button({ label: 'Undo', verb: 'undo', id: f.undo, aria: 'Take this back' }) : null,
            f.next && button(tidy(f.next)),
          ),
        ]
      : []),
  ],
  footer: () => ({ link: null }),
  samples: {
    usual: { sentence: 'loadtest-db lives until Nov 27, about $42.', undo: '5521', next: null },
    next: { sentence: 'You released stage-2.', undo: null, next: { label: 'Book Again', verb: 'book', id: 'e1' } },
  },
})

const tidy = (next: {
  label: string
  verb: string
  id?: string | undefined
  rev?: number | undefined
  arg?: string | undefined
}) => ({
  label: next.label,
  verb: next.verb,
  ...(next.id ? { id: next.id } : {}),
  ...(next.rev ? { rev: next.rev } : {}),
  ...(next.arg ? { arg: next.arg } : {}),
})
