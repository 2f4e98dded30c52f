/** Every address of the web view, filled with things of one company: what pages and guards ask, route by route. */
import type { Hono } from 'hono'
import { listBookings } from '../../db/queries/environments.ts'
import type { WebEnv } from '../../web/env.ts'
import type { World } from '../world.ts'
import type { Company } from './company.ts'

/** A route and its address; `named` when the address holds the id of one thing. */
export type Address = { method: string; path: string; named: boolean }

/** What stands for a parameter, by the place it stands in. */
async function things(w: World, c: Company): Promise<Record<string, string>> {
  const [finding] = await w.database.sql`select id from findings limit 1`
  const [booking] = await listBookings(w.deps.db, { orgId: w.org.id })
  return {
    '/resources id': c.resources[0]!.id,
    '/pools id': c.pools['Shop']!.id,
    '/environments id': c.environments[0]!.id,
    '/accounts id': c.accounts[0]!.id,
    '/imports id': c.imports[0]!.id,
    '/duplicates id': c.duplicates.id,
    '/power id': c.schedule.id,
    '/rules id': c.rule.id,
    '/people id': c.anna.id,
    '/bookings id': booking!.id,
    '/bookings verb': 'release',
    '/clean-ups id': c.cleanUpId,
    '/clean-ups verb': 'ran',
    '/clean-ups file': 'cleanup_volumes_not_attached_for_a_long_time.sh',
    '/findings id': String(finding!['id']),
    '/findings decision': 'dismiss',
    '/savings recommendation': 'obsolete_ips',
    '/files/savings recommendation': 'volumes_not_attached_for_a_long_time',
    '/files/savings file': 'findings.csv',
    '/files/archive file': 'ended.csv',
    '/files/coverage table': 'days.csv',
    '/files/connect cloud': 'aws',
    '/files/connect file': 'finops-read-policy.json',
  }
}

/** All of them, but those of signing in. Fails for a route of a new kind until a thing stands for it above. */
export async function addresses(w: World, c: Company, app: Hono<WebEnv>): Promise<Address[]> {
  const known = await things(w, c)
  const fill = (path: string) =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => {
      const place = `${path.split('/:')[0]!} ${name}`
      if (!known[place])
        throw new Error(`Nothing stands for “${place}”, so nobody asks ${path}. Add it to addresses.ts.`)
      return known[place]
    })
  return app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/sign-in'))
    .map(({ method, path }) => ({ method, path: fill(path), named: /^\/[\w-]+\/:id/.test(path) }))
}
