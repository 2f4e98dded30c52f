/** The one way a form changes something: read it, call a verb, go back with a line that says what happened. */
import type { Context as Request } from 'hono'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import { AppError } from '../engine/errors.ts'
import type { WebEnv } from './env.ts'
import { redirectWith } from './flash.ts'

/** What a form sent, texts only; the token is left out. */
export async function sent(c: Request<WebEnv>): Promise<Record<string, string>> {
  const body = await c.req.parseBody()
  const texts = Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return Object.fromEntries(texts.filter(([name]) => name !== 'csrf'))
}

/** What a word of an address stands for; `constructor` and the like stand for nothing. */
export const chosen = <T>(table: Record<string, T>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

/** Inputs whose name begins so hold keys; they are never given back to the browser. */
export const secretPrefix = 'key.'

export type Act = {
  /** Where to go when it did not work, and when it did unless `run` says otherwise. */
  back: string
  /** The form's name, to give back what was typed. */
  form?: string
  /** Calls the verb; answers the line to show, the line and another page, or a page of its own where something is left to decide. */
  run: (ctx: Context, values: Record<string, string>) => Promise<string | Response | Outcome>
}

export type Outcome = { say: string; goTo: string; next?: string }

/** Runs a verb for a form. A refusal comes back to the form as a line; what does not exist is a 404; defects fly up. */
export async function act(c: Request<WebEnv>, { back, form, run }: Act): Promise<Response> {
  const values = await sent(c)
  try {
    const done = await run(c.get('ctx'), values)
    if (done instanceof Response) return done
    if (typeof done === 'string') return redirectWith(c, back, { tone: 'good', text: done })
    return redirectWith(c, done.goTo, { tone: 'good', text: done.say, ...(done.next ? { next: done.next } : {}) })
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    const kept = Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith(secretPrefix)))
    return redirectWith(c, back, { tone: 'bad', ...refusal, ...(form ? { form, values: kept } : {}) })
  }
}

function refusalOf(error: unknown): { text: string; next?: string; field?: string } | null {
  if (error instanceof AppError && error.kind !== 'not_found') {
    const { next, field } = error.detail
    return { text: error.message, ...(next ? { next } : {}), ...(field ? { field } : {}) }
  }
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    const field = String(issue?.path[0] ?? '')
    return {
      text: `${field ? `“${field}”: ` : ''}${issue?.message ?? 'This input cannot be used'}. Nothing was changed.`,
      field,
    }
  }
  return null
}
