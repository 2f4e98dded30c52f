/** For machines: is it alive, can it work, what does it measure. */
import { timingSafeEqual } from 'node:crypto'
import { Hono, type Context as Request } from 'hono'
import { countJobs, getReadiness } from '../db/queries/readiness.ts'
import { readMeters } from '../engine/meters.ts'
import { admitted } from '../engine/reach.ts'
import type { WebEnv } from './env.ts'

export const hooks = new Hono<WebEnv>()
  .get('/health', (c) => c.json({ alive: true }))
  .get('/ready', async (c) => {
    try {
      const { db } = c.get('deps')
      return c.json({ ready: true, ...(await admitted(db, () => getReadiness(db))) })
    } catch (error) {
      c.get('deps').log.warn({ err: error }, 'not ready')
      return c.json({ ready: false }, 503)
    }
  })
  .get('/metrics', async (c) => {
    if (!mayMeasure(c)) return c.text('Not from here.\n', 403)
    const [{ text, contentType }, jobs] = await Promise.all([readMeters(), countJobs(c.get('deps').db)])
    return c.body(text + jobLines(jobs), 200, { 'content-type': contentType })
  })

/** This machine may, and whoever has the token. A proxy's address is not its client's, so forwarded requests need the token. */
function mayMeasure(c: Request<WebEnv>): boolean {
  const { metricsToken } = c.get('deps')
  const [own, given] = [metricsToken ?? '', c.req.header('authorization')?.replace(/^Bearer /, '') ?? ''].map((text) =>
    Buffer.from(text),
  ) as [Buffer, Buffer]
  if (own.length > 0 && own.length === given.length && timingSafeEqual(own, given)) return true
  const incoming = (c.env as { incoming?: { socket: { remoteAddress?: string } } } | undefined)?.incoming
  const address = incoming?.socket.remoteAddress ?? ''
  return /^(::ffff:)?127\.|^::1$/.test(address) && !c.req.header('x-forwarded-for') && !c.req.header('forwarded')
}

function jobLines({ jobs, imports }: Awaited<ReturnType<typeof countJobs>>): string {
  return [
    '# HELP finops_jobs Jobs in the queue by state',
    '# TYPE finops_jobs gauge',
    ...jobs.map(({ queue, state, count }) => `finops_jobs{queue="${queue}",state="${state}"} ${count}`),
    '# HELP finops_imports Bill imports by state',
    '# TYPE finops_imports gauge',
    ...imports.map(({ state, count }) => `finops_imports{state="${state}"} ${count}`),
    '',
  ].join('\n')
}
