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

/** A cookie holds 4 kB; what was typed is dropped before the message is. */
function fitting(flash: Flash): Flash {
  const short = { ...flash, text: flash.text.slice(0, 800) }
  const { values: _, ...bare } = short
  return JSON.stringify(short).length < 2600 ? short : bare
}
