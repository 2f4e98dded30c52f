/** The first moment of a request: who is it, and a dialog opened before anything is read (IC-2). */
import { section } from './blocks.ts'
import { personContext, type BotContext } from './context.ts'
import { loadingView, type Carried } from './dialogs.ts'
import { manual } from './doors.ts'
import { unlinkedBody } from './link.ts'
import type { Heard } from './request.ts'

/** A dialog that shows its loading view. */
export type Opened = { name: string; carried: Carried; opened: { id: string; hash: string } }

/** Opens the loading view with the trigger, which lives three seconds (IC-2). */
export async function openEarly({ voice, place }: Heard, name: string, facts: Record<string, string>): Promise<Opened> {
  const carried = { facts, channel: place.channel, ...(place.threadTs ? { threadTs: place.threadTs } : {}) }
  return { name, carried, opened: await voice.open!(loadingView(name, carried)) }
}

/** The context of whoever made the request, or null when nobody knows them. */
export const contextOf = ({ deps, place }: Heard): Promise<BotContext | null> => personContext(deps, place, manual)

/** Somebody nobody knows: what they asked is kept, nothing is shown. */
export async function unknownPerson(heard: Heard, line: string, opened: Opened | null): Promise<void> {
  const body = await unlinkedBody(heard.deps, heard.install, line)
  await heard.voice.whisper(body)
  if (!opened) return
  const view = { ...loadingView(opened.name, opened.carried), blocks: [section(body.text)] }
  await heard.client.views.update({ view_id: opened.opened.id, view: view as never })
}
