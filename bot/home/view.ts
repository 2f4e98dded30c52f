/** The home tab as Slack shows it: its parts in order, and its states (nobody known, no role, no cloud, late bills). */
import { actions, context, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button, overflow } from '../controls.ts'
import { judgeView } from '../lint.ts'
import { withIds } from '../messages/message.ts'
import { join, md } from '../rich.ts'
import { drawEnvironments, fewRows } from './environments.ts'
import { readHome, type HomeFacts } from './facts.ts'
import { drawFooter } from './footer.ts'
import { drawMoney } from './money.ts'
import { drawResources, drawSavings } from './my-things.ts'
import { drawWithoutRole, freshness, troubles } from './states.ts'
import { drawWaiting, waitingFor } from './waiting.ts'

export type HomeView = { type: 'home'; callback_id: 'home'; blocks: Block[] }

/** The home of a person, from what is true now. */
export async function homeView(ctx: BotContext): Promise<HomeView> {
  const facts = await readHome(ctx)
  const view = frameHome(facts ? drawHome(ctx, facts) : await drawWithoutRole(ctx))
  const problems = judgeView(view)
  if (problems.length) ctx.log.warn({ problems }, 'a home breaks the rules')
  return view
}

/** The same without what old clients or Slack itself may refuse: the chart is in words already, the table becomes lines. */
export const plainly = (view: HomeView): HomeView => frameHome(view.blocks.flatMap(plain))

function plain(block: Block): Block[] {
  if (block.type === 'data_visualization') return []
  if (block.type !== 'data_table') return [block]
  const rows = block.rows.slice(1).map((row) => row.map((cell) => ('text' in cell ? cell.text : '')))
  const lines = rows.slice(0, fewRows).map(([name, ...cells]) => section(join([md`*${name ?? ''}*`, ...cells])))
  return [
    ...lines,
    ...(rows.length > fewRows ? [context(`The first ${fewRows} by name; the others are on the web page`)] : []),
  ]
}

/** Blocks as a home tab. */
export const frameHome = (blocks: Block[]): HomeView => ({
  type: 'home',
  callback_id: 'home',
  blocks: withIds(blocks, 'home'),
})

function drawHome(ctx: BotContext, facts: HomeFacts): Block[] {
  return [
    freshness(ctx, facts),
    ...troubles(ctx, facts),
    ...drawWaiting(waitingFor(ctx, facts)),
    mainActions(facts),
    ...(facts.clouds.length ? drawMoney(ctx, facts) : []),
    ...drawEnvironments(ctx, facts.environments),
    ...drawResources(ctx, facts),
    ...drawSavings(ctx, facts),
    ...drawFooter(ctx),
  ]
}

const mainActions = ({ environments }: HomeFacts): Block =>
  actions(
    environments.length > 0 && button({ label: 'Book Environment', verb: 'open-booking', primary: true }),
    button({ label: 'Ask About Cost', verb: 'run-command', arg: 'cost by service mtd vs prev' }),
    overflow(
      { label: 'Look up a resource', verb: 'run-command', arg: '' },
      { label: 'My resources and bookings', verb: 'run-command', arg: 'mine' },
      { label: 'Help', verb: 'run-command', arg: 'help' },
    ),
  )
