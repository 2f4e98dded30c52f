/** Who is asking: the session cookie becomes a context; forms must carry the session's token; everybody else is told how to sign in. */
import { timingSafeEqual } from 'node:crypto'
import type { Context as Request, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { assertCan } from '../engine/access.ts'
import { contextFor } from '../engine/context.ts'
import { forbidden } from '../engine/errors.ts'
import { readSession, type OpenedSession } from '../engine/organizations/sign-in.ts'
import { dayOf } from '../engine/time.ts'
import { findLastSpendDay } from '../db/queries/spend.ts'
import type { WebEnv } from './env.ts'
import { isHttps, takeFlash } from './flash.ts'
import { signInHelp } from './pages/sign-in-help.ts'

const goToCookie = 'finops_go_to'
/** `__Host-` binds the cookie to this host over https; browsers refuse the prefix on plain http. */
const cookieName = (c: Request<WebEnv>): string => (isHttps(c) ? '__Host-finops' : 'finops')

/** The secret of the browser's session, whether or not it still works. */
export const sessionSecret = (c: Request<WebEnv>): string | undefined => getCookie(c, cookieName(c))

/** Gives the browser its session, for as long as the server keeps it. */
export function keepSession(c: Request<WebEnv>, session: OpenedSession): void {
  const maxAge = Math.round((session.expiresAt.getTime() - c.get('deps').now().getTime()) / 1000)
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(c), maxAge } as const
  setCookie(c, cookieName(c), session.secret, options)
}

/** Forgets the session in the browser. */
export function dropSession(c: Request<WebEnv>): void {
  deleteCookie(c, cookieName(c), { path: '/', secure: isHttps(c) })
}

/** The page of this site somebody wanted before they had to sign in, once. */
export function takeGoTo(c: Request<WebEnv>): string | null {
  const wanted = deleteCookie(c, goToCookie, { path: '/' }) ?? ''
  return isOnSite(wanted) ? wanted : null
}

/** "//host" and "/\\host" begin like a path and lead to another site. */
const isOnSite = (path: string): boolean => /^\/(?![/\\])/.test(path)

/** Lets signed-in people through with their context; the others get a page that says how to sign in. */
export const signedIn: MiddlewareHandler<WebEnv> = async (c, next) => {
  const secret = sessionSecret(c)
  const deps = c.get('deps')
  const identity = secret ? await readSession(deps, secret) : null
  const url = new URL(c.req.url)
  const path = url.pathname + url.search
  if (!identity || !secret) {
    if (c.req.method === 'GET' && isPage(c, path))
      setCookie(c, goToCookie, path, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(c), maxAge: 900 })
    return c.html(signInHelp(), 401)
  }
  const { person, organization, csrf } = identity
  const ctx = contextFor(deps, organization.id, { personId: person.id, door: 'web' })
  const day = reads(c) ? await findLastSpendDay(ctx.db, { orgId: organization.id, today: dayOf(ctx.now()) }) : null
  const through = day ? new Date(`${day}T00:00:00Z`) : null
  c.set('ctx', ctx)
  c.set('session', secret)
  c.set('view', { person, organization, csrf, flash: takeFlash(c), path, now: ctx.now(), through })
  c.header('cache-control', 'no-store')
  // Every role reads every page (DECISIONS.md); pages read without asking, so whoever has no role stops here.
  if (reads(c)) await assertCan(ctx, 'see_costs')
  return next()
}

const reads = (c: Request<WebEnv>): boolean => c.req.method === 'GET' || c.req.method === 'HEAD'

/** A page of this site somebody looks at: "//host" would lead elsewhere, and a picture or a probe is not what they wanted. */
const isPage = (c: Request<WebEnv>, path: string): boolean =>
  isOnSite(path) && ['document', ''].includes(c.req.header('sec-fetch-dest') ?? '')

/** Refuses what another site made the browser send; every browser of today says where a request comes from. */
export const fromHere: MiddlewareHandler<WebEnv> = async (c, next) => {
  if (reads(c)) return next()
  const from = c.req.header('sec-fetch-site')
  if (from && from !== 'same-origin' && from !== 'none') throw strange()
  // Browsers leave that header out on plain http; the origin they always send.
  const origin = c.req.header('origin')
  const own = [new URL(c.get('deps').publicUrl).host, new URL(c.req.url).host]
  if (!from && origin && !(URL.canParse(origin) && own.includes(new URL(origin).host))) throw strange()
  return next()
}

/** The one place that takes files; everywhere else a form of many parts is refused, and so is a large one. */
export const isUpload = (c: Request<WebEnv>): boolean =>
  /^\/accounts\/[^/]+\/bills$/.test(c.req.path) &&
  (c.req.header('content-type') ?? '').startsWith('multipart/form-data')

/** Refuses a form without the session's token. Uploads carry it in their first part, see `upload.ts`. */
export const withToken: MiddlewareHandler<WebEnv> = async (c, next) => {
  if (reads(c) || isUpload(c)) return next()
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) throw strange()
  const body = await c.req.parseBody()
  assertToken(c, body['csrf'])
  return next()
}

/** Throws when the token of a form is not the session's. */
export function assertToken(c: Request<WebEnv>, token: unknown): void {
  const [own, given] = [Buffer.from(c.get('view').csrf), Buffer.from(typeof token === 'string' ? token : '')]
  if (own.length !== given.length || !timingSafeEqual(own, given)) throw strange()
}

const strange = () =>
  forbidden('This form is not from a page of yours, or you signed in again since it was opened. Nothing was changed.', {
    next: 'Open the page again and repeat it.',
  })
