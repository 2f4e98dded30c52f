import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEvents } from '../../db/queries/events.ts'
import sweep from '../../engine/jobs/sweep.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { world, type World } from '../world.ts'
import { stranger, visitor } from './visitor.ts'

let w: World
beforeAll(async () => {
  w = await world()
})
beforeEach(() => w.clock.set('2026-11-23T10:00:00Z'))

const pathOf = (link: string) => new URL(link).pathname

describe('signing in', () => {
  it('tells somebody without a session to type /finops link, and stores nothing', async () => {
    const page = await stranger(w.deps).get('/pools')
    expect(page.status).toBe(401)
    expect(page.text).toContain('/finops link')
  })

  it('shows whom a link signs in without using it up, as link previews open it too', async () => {
    const path = pathOf(await makeSignInLink(w.as()))
    for (const page of [await stranger(w.deps).get(path), await stranger(w.deps).get(path)]) {
      expect(page.status).toBe(200)
      expect(page.text).toContain(`Continue as ${w.lea.name}`)
      expect(page.headers.getSetCookie()).toEqual([])
    }
  })

  it('works once: of two that press the button at the same time one gets in', async () => {
    const path = pathOf(await makeSignInLink(w.as()))
    const answers = await Promise.all(
      [stranger(w.deps), stranger(w.deps)].map((one) => one.post(path, {}, { csrf: '' })),
    )
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([303, 404])
    expect((await stranger(w.deps).get(path)).text).toContain('used already')
  })

  it('is refused 10 minutes after the link was made', async () => {
    const path = pathOf(await makeSignInLink(w.as()))
    w.clock.advance(10 * 60_000)
    expect((await stranger(w.deps).post(path, {}, { csrf: '' })).status).toBe(404)
  })

  it('is refused when another site presses the button', async () => {
    const path = pathOf(await makeSignInLink(w.as()))
    const answer = await stranger(w.deps).post(path, {}, { csrf: '', headers: { 'sec-fetch-site': 'cross-site' } })
    expect(answer.status).toBe(403)
    expect((await stranger(w.deps).get(path)).status).toBe(200)
  })

  it('gives a cookie no script can read, for this host over https only, for 12 hours', async () => {
    const someone = stranger(w.deps)
    const answer = await someone.post(pathOf(await makeSignInLink(w.as())), {}, { csrf: '' })
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-finops='))
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/Secure/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).toContain('Max-Age=43200')
    expect((await someone.get('/events')).status).toBe(200)
    w.clock.advance(12 * 3_600_000)
    expect((await someone.get('/events')).status).toBe(401)
  })

  it('leads to the page that was wanted, and never off the site', async () => {
    const someone = stranger(w.deps)
    await someone.get('/pools?depth=2')
    const answer = await someone.post(pathOf(await makeSignInLink(w.as())), {}, { csrf: '' })
    expect(answer.headers.get('location')).toBe('/pools?depth=2')
    for (const goTo of ['//evil.example', 'https://evil.example', '/\\evil.example', '/ok']) {
      const link = pathOf(await makeSignInLink(w.as(), { goTo }))
      const to = (await stranger(w.deps).post(link, {}, { csrf: '' })).headers.get('location')
      expect(to).toBe(goTo === '/ok' ? '/ok' : '/')
    }
  })

  it('never leads off the site when the wanted address begins with two slashes', async () => {
    const someone = stranger(w.deps)
    await someone.app.request('https://finops.example.com//evil.example/pay')
    for (const wanted of ['//evil.example/pay', '/\\evil.example', 'https://evil.example']) {
      someone.cookies.set('finops_go_to', encodeURIComponent(wanted))
      const answer = await someone.post(pathOf(await makeSignInLink(w.as())), {}, { csrf: '' })
      expect(answer.headers.get('location')).toBe('/')
    }
    const asked = await stranger(w.deps).app.request('https://finops.example.com//evil.example/pay')
    expect(asked.headers.getSetCookie()).toEqual([])
  })

  it('again ends the session before, so a cookie set by somebody else is worth nothing', async () => {
    const someone = await visitor(w)
    const before = new Map(someone.cookies)
    await someone.post(pathOf(await makeSignInLink(w.as())), {}, { csrf: '' })
    const thief = stranger(w.deps)
    for (const [name, value] of before) thief.cookies.set(name, value)
    expect((await thief.get('/events')).status).toBe(401)
    expect((await someone.get('/events')).status).toBe(200)
  })

  it('is written to the audit trail, and signing out ends the session on the server', async () => {
    const someone = await visitor(w)
    const [event] = await listEvents(w.deps.db, { orgId: w.org.id, limit: 1 })
    expect(event).toMatchObject({ name: 'person.signed-in', personId: w.lea.id, door: 'web' })
    const cookies = new Map(someone.cookies)
    expect((await someone.post('/sign-out')).status).toBe(303)
    for (const [name, value] of cookies) someone.cookies.set(name, value)
    expect((await someone.get('/events')).status).toBe(401)
  })

  it('leaves nothing behind: links and sessions that ran out are swept away', async () => {
    const someone = await visitor(w)
    w.clock.advance(11 * 3_600_000)
    await makeSignInLink(w.as())
    await sweep.run({}, { deps: w.deps } as never)
    expect((await someone.get('/events')).status).toBe(200)
    w.clock.advance(3_600_000)
    await sweep.run({}, { deps: w.deps } as never)
    expect(await w.database.sql`select hash from sessions`).toHaveLength(0)
    expect(await w.database.sql`select hash from sign_in_links`).toHaveLength(0)
  })

  it('keeps no secret in the database', async () => {
    const link = await makeSignInLink(w.as())
    const someone = await visitor(w)
    const kept = JSON.stringify([
      await w.database.sql`select * from sign_in_links`,
      await w.database.sql`select * from sessions`,
    ])
    for (const secret of [link.split('/').at(-1)!, ...someone.cookies.values()]) expect(kept).not.toContain(secret)
  })
})

describe('a form', () => {
  it.each([
    ['without a token', { csrf: '' }],
    ['with the token of somebody else', { csrf: 'x'.repeat(43) }],
    ['that another site sent', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['that another site sent over plain http', { headers: { 'sec-fetch-site': '', origin: 'http://evil.example' } }],
    ['from a page without an origin', { headers: { 'sec-fetch-site': '', origin: 'null' } }],
  ])('%s is refused and nothing happens', async (_, more) => {
    const someone = await visitor(w)
    expect((await someone.post('/sign-out', {}, more)).status).toBe(403)
    expect((await someone.get('/events')).status).toBe(200)
  })
})

describe('every answer', () => {
  it('forbids scripts, frames and guessing, and is not kept by the browser', async () => {
    const { headers } = await (await visitor(w)).get('/events')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).not.toMatch(/unsafe|script-src/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('says in whose time zone its times are', async () => {
    const { text } = await (await visitor(w)).get('/events')
    expect(text).toContain(`Times are in ${w.lea.zone}.`)
  })

  it('of a sign-in link, which says who somebody is, is not kept either', async () => {
    const { pathname } = new URL(await makeSignInLink(w.as()))
    const { text, headers } = await stranger(w.deps).get(pathname)
    expect(text).toContain('lea@example.com')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('after a refused form fits into a cookie in every script', async () => {
    const someone = await visitor(w)
    for (const name of ['я'.repeat(2000), '漢'.repeat(2500), 'a'.repeat(9000)]) {
      const answer = await someone.post(`/pools/${w.root.id}/pools`, { name, monthlyLimit: '0', purpose: 'team' })
      const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('finops_flash='))!
      expect(cookie.length).toBeLessThan(4096)
      expect((await someone.get(`/pools/${w.root.id}`)).text).toContain('class="flash bad"')
    }
  })
})

describe('for machines', () => {
  it('there is life, readiness and numbers; numbers are not for everybody', async () => {
    const someone = stranger({ ...w.deps, metricsToken: 'a token for numbers' })
    expect((await someone.get('/health')).status).toBe(200)
    expect((await someone.get('/ready')).text).toBe('{"ready":true,"rowLevelSecurity":true}')
    expect((await someone.get('/metrics')).status).toBe(403)
    const umlaut = { authorization: 'Bearer ä token for numbers' }
    expect((await someone.app.request('/metrics', { headers: umlaut })).status).toBe(403)
    const allowed = await someone.app.request('/metrics', { headers: { authorization: 'Bearer a token for numbers' } })
    const text = await allowed.text()
    for (const name of [
      'process_cpu_seconds_total',
      'finops_jobs',
      'finops_imports',
      'finops_slack_ack_seconds',
      'finops_http_seconds',
    ])
      expect(text).toContain(name)
  })

  it('readiness fails when the queue is gone', async () => {
    await w.database.sql`alter schema pgboss rename to pgboss_away`
    try {
      expect((await stranger(w.deps).get('/ready')).status).toBe(503)
    } finally {
      await w.database.sql`alter schema pgboss_away rename to pgboss`
    }
  })
})
