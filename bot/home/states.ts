/** The states of a home besides the usual one: how fresh it is, what is wrong with the whole, nobody known, no role. */
import type { SlackInstall } from '../../db/schema/slack.ts'
import type { Deps } from '../../engine/context.ts'
import { dayOf, daysBetween } from '../../engine/time.ts'
import { context, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { linkButton } from '../controls.ts'
import { unlinkedBody, withoutRoleBody } from '../link.ts'
import { md, moment } from '../rich.ts'
import { count, dayInWords, listed } from '../words.ts'
import type { HomeFacts } from './facts.ts'
import { drawFooter } from './footer.ts'

/** Bills come a day or two late; later is worth a word. */
const lateDays = 3

/** When it was drawn, and up to when money is known. */
export const freshness = (ctx: BotContext, { through, organization }: HomeFacts): Block =>
  context(
    md`Updated ${moment(ctx.now())}`,
    through ? `billing through ${dayInWords(dayOf(through), ctx.now())}` : 'no billing data yet',
    organization,
  )

/** What is wrong with the whole, in one line each. */
export function troubles(ctx: BotContext, { clouds, managesAll, managers, through }: HomeFacts): Block[] {
  if (clouds.length === 0)
    return managesAll
      ? [
          section(
            'No cloud is connected yet, so there are no costs to show.',
            linkButton('Connect a Cloud', `${ctx.publicUrl}/accounts`),
          ),
        ]
      : [
          section(
            `No cloud is connected yet, so there are no costs to show. ${listed(managers) || 'A manager'} can connect one.`,
          ),
        ]
  const behind = through ? daysBetween(dayOf(through), dayOf(ctx.now())) : 0
  return behind > lateDays
    ? [
        section(
          `Bills are late: the newest costs are ${count(behind, 'day')} old. What is shown here is true up to then.`,
        ),
      ]
    : []
}

/** What a Slack user sees whom nobody knows yet: what will be here, and one button. */
export async function drawForStranger(deps: Deps, install: SlackInstall): Promise<Block[]> {
  const { blocks } = await unlinkedBody(deps, install, '')
  const promise = 'Here you will see what waits for you, what your pools spend, and which environments are free.'
  return [section(promise), ...blocks]
}

/** Somebody who is known here but may see nothing yet. */
export async function drawWithoutRole(ctx: BotContext): Promise<Block[]> {
  const { blocks } = await withoutRoleBody(ctx)
  return [context(md`Updated ${moment(ctx.now())}`), ...blocks, ...drawFooter(ctx)]
}
