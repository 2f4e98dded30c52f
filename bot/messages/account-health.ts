import { z } from 'zod'
import { actions, fields, header, section } from '../blocks.ts'
import { linkButton } from '../controls.ts'
import { report } from './message.ts'

/** A connected account needs a person: what is wrong and what to do about it. */
export default report({
  name: 'account-health',
  facts: z.object({
    accountId: z.string(),
    account: z.string(),
    state: z.string(),
    sentence: z.string(),
    next: z.string(),
  }),
  text: (f) => `${f.account}: ${f.sentence} ${f.next}`,
  slack: (f, frame) => [
    header(`${f.account} needs attention`),
    section(f.sentence),
    fields({ 'What to do': f.next }),
    actions(linkButton('Open Account', frame.url(`/accounts/${f.accountId}`))),
  ],
  footer: (f) => ({ link: `/accounts/${f.accountId}` }),
  samples: {
    usual: {
      accountId: '1',
      account: 'AWS prod-main',
      state: 'missing_permission',
      sentence: 'The role may no longer list the bucket with the bill.',
      next: 'Add s3:ListBucket to the role; the next import is at 11:00.',
    },
  },
})
