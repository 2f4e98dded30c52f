/** The alerts channel of a workspace: where alerts go whose pool no channel means, and what reached nobody else. */
import { findInstall, setAlertsChannel } from '../db/queries/slack-installs.ts'
import { assertCan } from '../engine/access.ts'
import { inTransaction } from '../engine/context.ts'
import { invalid, notFound } from '../engine/errors.ts'
import { record } from '../engine/events.ts'
import type { BotContext } from './context.ts'
import { md, type Rich } from './rich.ts'
import { assertOwnChannel } from './shared-channels.ts'

/** Makes the channel of this conversation the alerts channel, or none. Organization managers only, because all alerts come here. */
export async function bindAlertsHere(
  ctx: BotContext,
  { here }: { here: boolean },
): Promise<{ before: string | null; after: string | null }> {
  const { channel, direct } = ctx.place
  if (here && (!channel || direct))
    throw invalid('Alerts for everybody go to a channel, and this is none. Nothing was changed.', {
      next: 'Type `/finops bind alerts` in the channel.',
    })
  await assertCan(ctx, 'manage_organization')
  if (here) await assertOwnChannel(ctx, 'Type it in a channel of your own company.')
  return changeAlertsChannel(ctx, { channel: here ? channel : null })
}

/** Sets the alerts channel of the workspace and records it; also the way back of `bind alerts`. */
export async function changeAlertsChannel(
  ctx: BotContext,
  { channel }: { channel: string | null },
): Promise<{ before: string | null; after: string | null }> {
  await assertCan(ctx, 'manage_organization')
  const { teamId } = ctx.place
  const install = await findInstall(ctx.db, teamId)
  if (install?.orgId !== ctx.orgId) throw notFound('This workspace is not connected any more. Nothing was changed.')
  const before = install.alertsChannel
  if (before === channel) return { before, after: channel }
  await inTransaction(ctx, async (inner) => {
    await setAlertsChannel(inner.db, { teamId, channel })
    await record(inner, 'channel.alerts-changed', {
      subject: { kind: 'channel', id: channel ?? before ?? teamId },
      before: { alertsChannel: before },
      after: { alertsChannel: channel },
    })
  })
  return { before, after: channel }
}

/** The channel all other alerts go to in this workspace, or null. */
export async function alertsChannel(ctx: BotContext): Promise<string | null> {
  const install = await findInstall(ctx.db, ctx.place.teamId)
  return install?.orgId === ctx.orgId ? install.alertsChannel : null
}

/** Where alerts of pools without a channel go, in a sentence. */
export async function alertsWords(ctx: BotContext): Promise<Rich> {
  const channel = await alertsChannel(ctx)
  if (!channel) return md`Alerts of pools without a channel go only to the people they concern.`
  const where = channel === ctx.place.channel ? 'this channel' : { rich: `<#${channel}>` }
  return md`Alerts of pools without a channel go to ${where}.`
}
