import { Hono } from 'hono'
import { html } from 'hono/html'
import { readSignInLink, signIn, signOut } from '../../engine/organizations/sign-in.ts'
import type { WebEnv } from '../env.ts'
import { confirmForm } from '../form-parts.ts'
import { plainPage } from '../layout.ts'
import { dropSession, keepSession, sessionSecret, takeGoTo } from '../session.ts'
import { signInHelp } from './sign-in-help.ts'

/** The routes that open and close a session. */
export const signInPages = new Hono<WebEnv>()
  .use('/sign-in/*', async (c, next) => {
    // Who a link signs in stands there: no browser keeps it.
    c.header('cache-control', 'no-store')
    await next()
  })
  .get('/sign-in', (c) => c.html(signInHelp()))
  .get('/sign-in/:secret', async (c) => {
    const { person, organization } = await readSignInLink(c.get('deps'), c.req.param('secret'))
    return c.html(
      plainPage(
        'Sign in',
        html`<h1>Sign in</h1>
          <p>
            You will be signed in as <b>${person.name}</b>${person.email ? html` (${person.email})` : ''} of
            <b>${organization.name}</b>.
          </p>
          <p>The link works once, and the session lasts 12 hours. If this is not you, close the page.</p>
          ${confirmForm(`Continue as ${person.name}`)}`,
      ),
    )
  })
  .post('/sign-in/:secret', async (c) => {
    const session = await signIn(c.get('deps'), { secret: c.req.param('secret'), replaces: sessionSecret(c) })
    keepSession(c, session)
    const wanted = takeGoTo(c)
    return c.redirect(session.goTo === '/' && wanted ? wanted : session.goTo, 303)
  })

/** Ending a session; mounted behind the check of forms. */
export const signOutPage = new Hono<WebEnv>().post('/sign-out', async (c) => {
  await signOut(c.get('deps'), c.get('session'))
  dropSession(c)
  return c.redirect('/sign-in', 303)
})
