/** The first moment of a request: who is it, and a dialog opened before anything is read (IC-2). */
import { findHighestRole } from '../db/queries/organizations.ts'
import { section } from './blocks.ts'
import { personContext, type BotContext } from './context.ts'
import { loadingView, type Carried } from './dialogs.ts'
import { manual } from './doors.ts'
import { unlinkedBody, withoutRoleBody } from './link.ts'
import type { Heard } from './request.ts'

/** A dialog that shows its loading view. */
export type Opened = { name: string; carried: Carried; opened: { id: string; hash: string } }

/** Opens the loading view with the trigger, which lives three seconds (IC-2). */
export async function openEarly({ voice, place }: Heard, name: string, facts: Record<string, string>): Promise<Opened> {
  const carried = { facts, channel: place.channel, ...(place.threadTs ? { threadTs: place.threadTs } : {}) }
  return { name, carried, opened: await voice.open!(loadingView(name, carried)) }
}

/** The context of whoever made the request; null when nobody knows them or they have no role, so that nothing is shown. */
export async function contextOf({ deps, place }: Heard): Promise<BotContext | null> {
  const ctx = await personContext(deps, place, manual)
  return ctx && (await findHighestRole(ctx.db, { orgId: ctx.orgId, personId: ctx.person.id })) ? ctx : null
}

/** Somebody nobody knows, whose command is kept, or somebody without a role: they read what to do. */
export async function unknownPerson(heard: Heard, line: string, opened: Opened | null): Promise<void> {
  const known = await personContext(heard.deps, heard.place, manual)
  const body = known ? await withoutRoleBody(known) : await unlinkedBody(heard.deps, heard.install, line)
  await heard.voice.whisper(body)
  if (!opened) return
  const view = { ...loadingView(opened.name, opened.carried), blocks: [section(body.text)] }
  await heard.client.views.update({ view_id: opened.opened.id, view: view as never })
}
