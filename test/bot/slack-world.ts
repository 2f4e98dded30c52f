/**
 * A world with Slack: the stand-in on loopback, the bot behind a real HTTP port, one workspace installed, people linked.
 * Tests drive it as people do (`slack.command`, `slack.click`, `slack.submit`) and read what people see.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { createBot, type Bot } from '../../bot/app.ts'
import { installWorkspace } from '../../bot/install.ts'
import { upsertLink } from '../../db/queries/slack-links.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { Role } from '../../db/vocabulary.ts'
import type { QueueName } from '../../engine/queues.ts'
import { handlers as engineHandlers } from '../../engine/jobs/catalog.ts'
import { startSlackSandbox, type SlackSandbox, type SlackSandboxOptions } from '../../integrations/sandbox/slack.ts'
import { world, type World, type WorldOptions } from '../world.ts'

export const team = 'T0ACME'
export const finops = 'C0FINOPS'
/** The stand-in's people: Lea manages the organization, Priya is an engineer, Tom and Max are linked by tests that need them. */
export const [lea, tom, priya, max] = ['U0LEA', 'U0TOM', 'U0PRIYA', 'U0MAX']

export type Json = Record<string, unknown>
/** A message as people see it. */
export type Seen = { channel: string; ts: string; text: string; blocks?: Json[]; to?: string; user: string }

export type SlackWorld = World & {
  slack: SlackSandbox
  bot: Bot
  /** Priya, engineer, linked to U0PRIYA. */
  priya: Person
  /** Makes a person and links them to a Slack user of the stand-in. */
  link: (slackUserId: string, person: Person) => Promise<void>
  colleague: (slackUserId: string, name: string, role?: Role, poolId?: string | null) => Promise<Person>
  /** Types a line behind `/finops` and answers what the person sees last. */
  type: (line: string, options?: { user?: string; channel?: string; command?: string }) => Promise<Seen>
  /** Clicks by label and waits until everything that follows has settled. */
  press: (message: Seen, label: string, user?: string) => Promise<void>
  /** The newest message the person sees in the channel. */
  last: (user?: string, channel?: string) => Seen
  /** Resolves when the bot has finished what it was told and everybody sees it. */
  settled: () => Promise<void>
  /** Runs waiting jobs of the bot and the engine until none is left. */
  work: () => Promise<QueueName[]>
}

/** Makes a world with Slack; call it once per test file in `beforeAll`. */
export async function slackWorld(
  options: WorldOptions & { slack?: SlackSandboxOptions; mode?: 'http' | 'socket' } = {},
): Promise<SlackWorld> {
  const made = await world(options)
  const slack = await startSlackSandbox({ unfurlDomains: ['finops.example.com'], ...options.slack })
  made.deps.slack = { apiUrl: slack.apiUrl, paceMs: 0 }
  const bot = createBot({
    deps: made.deps,
    ...(options.mode === 'socket'
      ? { mode: 'socket', appToken: 'xapp-1-sandbox' }
      : { mode: 'http', signingSecret: slack.signingSecret }),
  })
  const settled = busyness(bot, slack)
  const server = createServer(bot.requestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await bot.start()
  afterAll(async () => {
    await bot.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await slack.close()
  })
  await installWorkspace(made.deps, { orgId: made.org.id, botToken: slack.botToken })
  const link = (slackUserId: string, { orgId, id: personId }: Person) =>
    upsertLink(made.deps.db, { teamId: team, slackUserId, orgId, personId })
  const colleague = async (
    slackUserId: string,
    name: string,
    role: Role = 'engineer',
    poolId: string | null = null,
  ) => {
    const person = await made.person(name, role, poolId)
    await link(slackUserId, person)
    return person
  }
  await link(lea, made.lea)
  const engineer = await colleague(priya, 'Priya')
  return { ...made, slack, bot, priya: engineer, link, colleague, settled, ...hands(made, slack, { bot, settled }) }
}

/** Waits until the bot has finished everything it was told and no request is on its way. */
function busyness(bot: Bot, slack: SlackSandbox): () => Promise<void> {
  let open = 0
  const process = bot.app.processEvent.bind(bot.app)
  bot.app.processEvent = async (event) => {
    open += 1
    await process(event).finally(() => (open -= 1))
  }
  return async () => {
    do {
      await new Promise((resolve) => setTimeout(resolve, 10))
      await slack.settled(25)
    } while (open > 0)
  }
}

function hands(
  made: World,
  slack: SlackSandbox,
  { bot, settled }: { bot: Bot; settled: () => Promise<void> },
): Pick<SlackWorld, 'type' | 'press' | 'last' | 'work'> {
  const last = (user = lea, channel = finops) => {
    const seen = slack.conversation(user, channel).at(-1)
    if (!seen) throw new Error(`${user} sees nothing in ${channel}.`)
    return seen as Seen
  }
  return {
    last,
    async type(line, { user = lea, channel = finops, command = '/finops' } = {}) {
      const delivery = await slack.command({ user, channel, text: line, command })
      if (!delivery.acked) throw new Error(`${command} ${line} was not acknowledged: ${delivery.error}`)
      await settled()
      return last(user, channel)
    },
    async press(message, label, user = lea) {
      await slack.click({ user, message, label })
      await settled()
    },
    work: () => made.runJobs([...bot.handlers, ...engineHandlers]),
  }
}

/** Every button, menu and picker of a message in reading order, by its words. */
export function labels({ blocks = [] }: Pick<Seen, 'blocks'>): string[] {
  const controls = blocks.flatMap((block) => [...((block['elements'] ?? []) as Json[]), block['accessory'] as Json])
  return controls.filter(Boolean).flatMap((control) => {
    const words = (control['text'] ?? control['placeholder']) as { text?: string } | string | undefined
    return typeof words === 'object' && control['action_id'] ? [words.text ?? ''] : []
  })
}

/** All words of a message's blocks, as a person reads them. */
export function words({ blocks = [] }: Pick<Seen, 'blocks'>): string {
  const inside = (node: unknown): string[] =>
    Array.isArray(node)
      ? node.flatMap(inside)
      : typeof node === 'object' && node !== null
        ? Object.entries(node).flatMap(([name, inner]) =>
            name === 'text' && typeof inner === 'string' ? [inner] : inside(inner),
          )
        : []
  return inside(blocks).join('\n')
}
