import { html } from 'hono/html'
import { plainPage } from '../layout.ts'
import type { Html } from '../parts.ts'

/** What people see who are not signed in: how to get a link. */
export const signInHelp = (): Html =>
  plainPage(
    'Sign in',
    html`<h1>Sign in from Slack</h1>
      <p>There are no passwords here. In Slack, type</p>
      <pre>/finops link</pre>
      <p>
        and open the link you get within 10 minutes. Only you see it, and it works once. Afterwards you land on the page
        you wanted.
      </p>
      <p><small>No Slack at hand? Whoever runs this installation can make a link in the terminal.</small></p>`,
  )
