import { z } from 'zod'
import { actions, fields, section } from '../blocks.ts'
import { linkButton } from '../controls.ts'
import { md } from '../rich.ts'
import { report } from './message.ts'

/** Who somebody is here, and a one-time way into the web view. */
export default report({
  name: 'account',
  private: true,
  facts: z.object({ name: z.string(), role: z.string(), zone: z.string(), url: z.string() }),
  text: (f) => `You are ${f.name}, ${f.role}. The button signs you in to the web view once, within 10 minutes.`,
  slack: (f) => [
    section(md`You are *${f.name}*.`),
    fields({ Role: f.role, 'Time zone': f.zone }),
    actions(linkButton('Open Web View', f.url)),
  ],
  footer: () => ({ link: '/', more: ['The button works once, within 10 minutes, and only for you'] }),
  samples: {
    usual: {
      name: 'Lea Brandt',
      role: 'Organization manager',
      zone: 'Europe/Berlin',
      url: 'https://finops.example.com/sign-in/abc',
    },
  },
})
