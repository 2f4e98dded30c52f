import { z } from 'zod'
import { header, section } from '../blocks.ts'
import { report } from './message.ts'

/** An assignment rule was switched off by itself; somebody has to give it another owner. */
export default report({
  name: 'rule-off',
  facts: z.object({ ruleId: z.string(), name: z.string() }),
  text: (f) =>
    `The assignment rule ${f.name} was switched off: its owner no longer has a role in its pool. Give it another owner and switch it on.`,
  slack: (f) => [
    header('An assignment rule was switched off'),
    section(
      `${f.name} would hand resources to somebody without a role in its pool. New resources go by the other rules until it has another owner.`,
    ),
  ],
  footer: (f) => ({ link: `/rules/${f.ruleId}` }),
  samples: { usual: { ruleId: '1', name: 'payments by tag' } },
})
