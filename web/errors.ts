/** AppError → a page in full sentences; anything else → an incident number, and the log knows the rest. */
import { randomUUID } from 'node:crypto'
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { AppError, type ErrorKind, invalid, postgresError } from '../engine/errors.ts'
import { isLost, lost } from '../engine/reach.ts'
import type { WebEnv } from './env.ts'
import { errorPage } from './layout.ts'

const statusOf = {
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  invalid: 400,
  limit: 429,
  upstream: 502,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>

const titles: Record<number, string> = {
  400: 'This cannot be used',
  403: 'You cannot do this',
  404: 'There is nothing here',
  409: 'Somebody was first',
  413: 'This is too large',
  429: 'A limit is reached',
  502: 'The other side did not answer',
  503: 'Temporarily unavailable',
}

/** The one error handler of the web view. */
export const onError: ErrorHandler<WebEnv> = (error, c) => {
  const view = c.get('view')
  if (error instanceof AppError) {
    const status = statusOf[error.kind]
    if (status === 503) c.header('retry-after', '10')
    return c.html(errorPage(view, { title: titles[status]!, text: error.message, next: error.detail.next }), status)
  }
  if (error instanceof HTTPException) {
    const title = titles[error.status] ?? 'This did not work'
    return c.html(errorPage(view, { title, text: error.message || 'Nothing was changed.' }), error.status)
  }
  if (isMalformedId(error)) return onNotFound(c)
  if (isNul(error)) return onError(invalid('A text holds a sign no text has (NUL). Nothing was changed.'), c)
  if (isLost(error)) {
    c.get('deps').log.warn({ err: error, method: c.req.method, path: c.req.path }, 'the database went away')
    return onError(lost(), c)
  }
  const incident = randomUUID().slice(0, 8)
  c.get('deps').log.error({ err: error, incident, method: c.req.method, path: c.req.path }, 'page failed')
  const text = `Something broke on our side, incident ${incident}. What you asked for may not have happened.`
  return c.html(
    errorPage(view, {
      title: 'Something broke',
      text,
      next: 'Try again; if it stays, tell an administrator the number.',
    }),
    500,
  )
}

/** The page for addresses that lead nowhere, also for things of other organizations. */
export const onNotFound: NotFoundHandler<WebEnv> = (c) =>
  c.html(
    errorPage(c.get('view'), {
      title: titles[404]!,
      text: 'There is no such page or thing in your organization.',
      next: 'It may have been removed, or the link may belong to another organization.',
    }),
    404,
  )

/** An id in the address that is no UUID names nothing; Postgres says 22P02 when it is asked for it. */
const isMalformedId = (error: unknown): boolean => postgresError(error)?.code === '22P02'

/** Postgres keeps no NUL: 22021 in a text, 22P05 in JSON. */
const isNul = (error: unknown): boolean => ['22021', '22P05'].includes(postgresError(error)?.code ?? '')
