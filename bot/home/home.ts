/**
 * The home tab of a person: what waits for them, then how things are, then the rest. Drawn from state; published when they
 * look at it, and again when something changes while they may be looking.
 */
import { findHome, listHomeViewers, upsertHome } from '../../db/queries/slack-homes.ts'
import type { SlackInstall } from '../../db/schema/slack.ts'
import { enqueueAll, type Context, type Deps } from '../../engine/context.ts'
import type { Subject } from '../../engine/events.ts'
import { hourMs } from '../../engine/time.ts'
import { directPlace, personContext } from '../context.ts'
import { manual } from '../doors.ts'
import { hash } from '../messages/message.ts'
import { clientFor, slackFailure } from '../slack.ts'
import { drawForStranger } from './states.ts'
import { frameHome, homeView, plainly, type HomeView } from './view.ts'

/** Slack says when a home is opened, not when it is left; after this long nobody looks any more. */
const lookingMs = hourMs
/** Changes come in bursts; one drawing shows them all. */
const pauseMs = 1000

/** Publishes a Slack user's home. When they do not ask for it, a home that shows the right thing already is left alone. */
export async function publishHome(
  deps: Deps,
  { install, slackUserId, looking }: { install: SlackInstall; slackUserId: string; looking: boolean },
): Promise<void> {
  const { teamId } = install
  const ctx = await personContext(deps, directPlace(teamId, slackUserId), manual)
  const view = ctx ? await homeView(ctx) : frameHome(await drawForStranger(deps, install))
  // The first block says when it was drawn.
  const shown = hash(JSON.stringify(view.blocks.slice(1)))
  if (!looking && (await findHome(deps.db, { teamId, slackUserId }))?.hash === shown) return
  await publish(deps, { install, slackUserId, view })
  if (!ctx) return
  const home = { orgId: ctx.orgId, personId: ctx.person.id, teamId, slackUserId }
  await upsertHome(deps.db, { ...home, hash: shown, openedAt: looking ? deps.now() : null })
}

/** Something changed: the homes people look at are drawn again, and that of the person it is about. */
export async function queueHomes(ctx: Context, { kind, id }: Subject): Promise<void> {
  const since = new Date(ctx.now().getTime() - lookingMs)
  const viewers = await listHomeViewers(ctx.db, { orgId: ctx.orgId, since })
  const people = new Set(kind === 'person' ? [...viewers, id] : viewers)
  const startAfter = new Date(Date.now() + pauseMs)
  const jobs = [...people].map((personId) => ({ orgId: ctx.orgId, personId, key: personId, startAfter }))
  await enqueueAll(ctx, 'publish-home', jobs)
}

const refusals = ['invalid_arguments', 'invalid_blocks', 'view_too_large']

/** Where Slack refuses tables and charts, the same in plain blocks; a user who is gone needs no home. */
async function publish(
  deps: Deps,
  { install, slackUserId, view }: { install: SlackInstall; slackUserId: string; view: HomeView },
): Promise<void> {
  const client = clientFor(deps, install)
  const send = (content: HomeView) => client.views.publish({ user_id: slackUserId, view: content })
  try {
    await send(view)
  } catch (error) {
    const failure = slackFailure(error)
    if (failure?.kind === 'gone') return
    if (!failure || !('error' in failure) || !refusals.includes(failure.error)) throw error
    deps.log.error({ err: error }, 'Slack refused the home; published in plain blocks')
    await send(plainly(view))
  }
}
