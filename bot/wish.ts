import type { BotContext } from './context.ts'
import { drawCard, findCard } from './copies.ts'
import { messages } from './messages/catalog.ts'
import { md, type Rich } from './rich.ts'
import type { Clicked } from './settling.ts'

/** "release" and what its card says, for whoever is asked to help; null where the subject has no card. */
export async function wishOf(ctx: BotContext, { action, click }: Clicked): Promise<Rich | null> {
  const found = messages.find((message) => message.kind === 'card' && message.subject === action.on)
  const card = found && findCard(found.name)
  const drawn = card && (await drawCard(ctx, card, click.id).catch(() => null))
  return drawn ? md`${action.verb.replaceAll('-', ' ')}: ${{ rich: drawn.body.text }}` : null
}
