import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { httpSeconds } from '../engine/meters.ts'
import { admitted } from '../engine/reach.ts'
import type { WebDeps, WebEnv } from './env.ts'
import { onError, onNotFound } from './errors.ts'
import { hooks } from './hooks.ts'
import { pages } from './pages.ts'
import { signInPages } from './pages/sign-in.ts'
import { fromHere, isUpload, signedIn, withToken } from './session.ts'
import { favicon, style } from './style.ts'

const nobody = ["'none'"]

/** The web view as one Hono app. main mounts it last: it answers every path that nobody else took. */
export function createWeb(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
  app.onError(onError).notFound(onNotFound)
  app.use(async (c, next) => {
    const stop = httpSeconds.startTimer()
    c.set('deps', deps)
    await next()
    stop({ method: c.req.method, route: routePath(c, -1), status: String(c.res.status) })
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: nobody,
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: nobody,
        baseUri: nobody,
      },
      referrerPolicy: 'same-origin',
      xFrameOptions: 'DENY',
      strictTransportSecurity: deps.publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    }),
  )
  app.get('/style.css', (c) =>
    c.body(style, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  )
  app.get('/favicon.svg', (c) =>
    c.body(favicon, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }),
  )
  app.route('/', hooks)
  const small = bodyLimit({
    // A clean-up of ten thousand findings is approved in part by as many boxes.
    maxSize: 512 * 1024,
    onError: () => {
      throw new HTTPException(413, { message: 'The form is too large. Nothing was changed.' })
    },
  })
  app.use((c, next) => (isUpload(c) ? next() : small(c, next)))
  app.use(fromHere)
  app.use((c, next) => admitted(deps.db, next))
  app.route('/', signInPages)
  app.use(signedIn, withToken)
  app.route('/', pages)
  return app
}
