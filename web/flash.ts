import type { Context as Request } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Flash, WebEnv } from './env.ts'

const cookie = 'finops_flash'

/** Redirects after a form; `flash` is the line the next page shows once. */
export function redirectWith(c: Request<WebEnv>, path: string, flash: Flash): Response {
  const text = Buffer.from(JSON.stringify(fitting(flash))).toString('base64url')
  setCookie(c, cookie, text, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(c), maxAge: 60 })
  return c.redirect(path, 303)
}

/** Takes the line left by the request before, once. */
export function takeFlash(c: Request<WebEnv>): Flash | null {
  const text = getCookie(c, cookie)
  if (!text) return null
  deleteCookie(c, cookie, { path: '/' })
  try {
    const flash = JSON.parse(Buffer.from(text, 'base64url').toString()) as Flash
    return typeof flash.text === 'string' ? flash : null
  } catch {
    return null
  }
}

/** Is the site reached over https? Then cookies never travel without it. */
export const isHttps = (c: Request<WebEnv>): boolean => c.get('deps').publicUrl.startsWith('https:')

/** Bytes that fit into a cookie of 4 kB as base64, with its name and attributes. */
const mostBytes = 2800
const bytesOf = (flash: Flash): number => Buffer.byteLength(JSON.stringify(flash))

/** What was typed is dropped before the message is cut; letters beyond ASCII take up to three bytes. */
function fitting(flash: Flash): Flash {
  if (bytesOf(flash) <= mostBytes) return flash
  const { tone, text, next, form, field } = flash
  const bare = { tone, text: text.slice(0, 600), ...(form ? { form } : {}), ...(field ? { field } : {}) }
  const whole = { ...bare, ...(next ? { next: next.slice(0, 200) } : {}) }
  return bytesOf(whole) <= mostBytes ? whole : bare
}
