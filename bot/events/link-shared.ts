import { findEnvironment } from '../../db/queries/environments.ts'
import { findHighestRole, listPeople } from '../../db/queries/organizations.ts'
import { sumFindings } from '../../db/queries/recommendations.ts'
import { findResource } from '../../db/queries/resources.ts'
import { findLinkedPerson } from '../../db/queries/slack-links.ts'
import { jobActor } from '../../engine/context.ts'
import { readPools, type PoolState } from '../../engine/pools/tree.ts'
import { section } from '../blocks.ts'
import { orgContext, type OrgContext } from '../context.ts'
import { titleOf } from '../resources.ts'
import { join, md, moment, type Rich } from '../rich.ts'
import { count } from '../words.ts'
import { event } from './event.ts'

/** More links in one message are left as they are. */
const most = 5

/**
 * Somebody pasted a link to one of our pages: its name and state appear below. Everybody in the conversation sees that, so
 * it says no cost, speaks only for people of the organization who see it themselves, and never where another company reads along.
 */
export default event({
  name: 'link_shared',
  scopes: ['links:read', 'links:write'],
  async run({ deps, install, event, place, client }) {
    if (place.external) return
    const { teamId, slackUserId } = place
    const sharer = await findLinkedPerson(deps.db, { teamId, slackUserId })
    const { orgId } = install
    if (sharer?.orgId !== orgId || !(await findHighestRole(deps.db, { orgId, personId: sharer.id }))) return
    const ctx = await orgContext(deps, install.orgId, jobActor('link-shared'))
    const links = ((event['links'] ?? []) as { url: string }[]).slice(0, most)
    const shown = await Promise.all(links.map(async ({ url }) => [url, await preview(ctx, url)] as const))
    const unfurls = Object.fromEntries(
      shown.flatMap(([url, line]) => (line ? [[url, { blocks: [section(line)] }]] : [])),
    )
    if (Object.keys(unfurls).length === 0) return
    await client.chat.unfurl({ ...placeOf(event), unfurls })
  },
})

/** A link still being written has no message yet; Slack names it by an id then. */
function placeOf(event: Record<string, unknown>) {
  return event['source'] === 'composer'
    ? { source: 'composer' as const, unfurl_id: String(event['unfurl_id']) }
    : { channel: String(event['channel']), ts: String(event['message_ts']) }
}

type Preview = (ctx: OrgContext, id: string) => Promise<Rich | null>

/** What a link means here, in one line; null for other addresses, and for things of other organizations. */
async function preview(ctx: OrgContext, link: string): Promise<Rich | null> {
  const [url, own] = [URL.canParse(link) ? new URL(link) : null, new URL(ctx.publicUrl)]
  if (url?.host !== own.host || !url.pathname.startsWith(own.pathname)) return null
  const [page = '', id, ...more] = url.pathname.slice(own.pathname.length).split('/').filter(Boolean)
  if (page === 'savings' && !id) return savings(ctx)
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id ?? '')
  return isId && more.length === 0 ? ((await previews[page]?.(ctx, id!)) ?? null) : null
}

const states: Record<PoolState, string> = {
  ok: 'inside its limit',
  warning: 'close to its limit',
  overspend: 'about to pass its limit',
  exceeded: 'over its limit',
}

const previews: Record<string, Preview> = {
  async resources(ctx, id) {
    const found = await findResource(ctx.db, { orgId: ctx.orgId, id })
    if (!found) return null
    const people = found.ownerId ? await listPeople(ctx.db, ctx.orgId) : []
    const owner = people.find((person) => person.id === found.ownerId)
    return join([
      md`*${titleOf(found)}*`,
      found.type || found.service,
      found.region,
      owner ? `owned by ${owner.name}` : 'owned by nobody',
      found.constraintViolated && 'a limit is passed',
    ])
  },
  async pools(ctx, id) {
    const pool = (await readPools(ctx)).find((one) => one.id === id)
    if (!pool) return null
    return join([md`*${pool.name}*`, 'pool', Number(pool.limit) > 0 ? states[pool.state] : 'no limit'])
  },
  async environments(ctx, id) {
    const found = await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now: ctx.now() })
    if (!found) return null
    const { name, available, current } = found
    const state = current ? md`held by ${current.holder} until ${moment(current.endsAt)}` : 'free now'
    return join([md`*${name}*`, 'environment', available ? state : 'not available'])
  },
}

async function savings(ctx: OrgContext): Promise<Rich> {
  const sums = await sumFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now() })
  const open = sums.reduce((sum, { status, count }) => sum + (status === 'active' ? count : 0), 0)
  return join([md`*Savings*`, count(open, 'open recommendation')])
}
