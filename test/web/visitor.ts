/** A visitor of the web view without a browser: keeps cookies, finds the token of forms, posts them. */
import type { Hono } from 'hono'
import { createWeb } from '../../web/app.ts'
import type { WebDeps, WebEnv } from '../../web/env.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { World } from '../world.ts'

export type Page = { status: number; text: string; headers: Headers }

export type Visitor = {
  app: Hono<WebEnv>
  cookies: Map<string, string>
  get: (path: string) => Promise<Page>
  /** Posts a form with the session's token; `csrf` overrides it. */
  post: (
    path: string,
    fields?: Record<string, string>,
    more?: { csrf?: string; headers?: Record<string, string> },
  ) => Promise<Page>
  /** Posts and follows the redirect. */
  submit: (path: string, fields?: Record<string, string>) => Promise<Page>
  /** Sends files as a browser does: the token first. */
  upload: (path: string, files: Record<string, string>, csrf?: string) => Promise<Page>
  token: () => Promise<string>
}

/** Somebody who is not signed in. */
export function stranger(deps: WebDeps): Visitor {
  const app = createWeb(deps)
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const headers = new Headers(init.headers)
    if (cookies.size) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await app.request(new URL(path, deps.publicUrl).href, { ...init, headers })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/)!
      if (/max-age=0/i.test(line)) cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
  const token = async () => (await ask('/events')).text.match(/name="csrf" value="([^"]+)"/)?.[1] ?? ''
  const post: Visitor['post'] = async (path, fields = {}, more = {}) => {
    const body = new URLSearchParams({ csrf: more.csrf ?? (await token()), ...fields })
    return ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...more.headers } })
  }
  return {
    ...{ app, cookies, token, post },
    get: (path) => ask(path),
    async submit(path, fields) {
      const answer = await post(path, fields)
      const to = answer.headers.get('location')
      return to ? ask(to) : answer
    },
    async upload(path, files, csrf) {
      const body = new FormData()
      body.append('csrf', csrf ?? (await token()))
      for (const [name, content] of Object.entries(files)) body.append('files', new Blob([content]), name)
      return ask(path, { method: 'POST', body })
    },
  }
}

/** Somebody signed in through a link, Lea without a person. */
export async function visitor(
  world: World,
  { person = world.lea, ...more }: { person?: Person } & Partial<WebDeps> = {},
): Promise<Visitor> {
  const visit = stranger({ ...world.deps, ...more })
  const link = new URL(await makeSignInLink(world.as(person)))
  const answer = await visit.post(link.pathname, {}, { csrf: '' })
  if (answer.status !== 303) throw new Error(`Could not sign in: ${answer.status} ${answer.text}`)
  return visit
}
