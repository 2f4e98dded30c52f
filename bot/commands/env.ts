import { findEnvironmentsByName, listEnvironments, type EnvironmentRow } from '../../db/queries/environments.ts'
import { createEnvironment, changeEnvironment } from '../../engine/environments/environment.ts'
import { invalid } from '../../engine/errors.ts'
import type { BotContext } from '../context.ts'
import { bookAndTell, environmentCalled, slotMeant } from '../environments.ts'
import { canonical, optional, quote } from '../grammar.ts'
import environmentCard from '../messages/environment-card.ts'
import environmentsBoard, { boardRow } from '../messages/environments-board.ts'
import { card, done, say, UnclearError } from '../reply.ts'
import { md } from '../rich.ts'
import { assertOwnChannel } from '../shared-channels.ts'
import { personBehind } from '../resources.ts'
import { duration, oneOf, person, reason, span, until, word } from '../slots.ts'
import { unshare } from '../unshare.ts'
import { command } from './command.ts'

const takes = {
  act: optional(oneOf('free', 'board', 'add', 'here', 'unshare')),
  until: optional(until),
  when: optional(span),
  length: optional(duration),
  holder: optional(person),
  environment: optional(word),
  why: optional(reason),
}

/** Shows shared environments; a name with a time or a length books it, so the verb may be left out. */
export default command({
  verb: 'env',
  aliases: ['envs', 'environments'],
  door: 'env',
  summary: 'Shared environments: who holds what, what is free',
  usage: '[free|here|unshare] [name] [for how long] [why]',
  examples: [
    'env',
    'env free',
    'env stage-2',
    'env stage-2 2h UAT for PAY-812',
    'env stage-2 until 18:00',
    'env unshare web-1',
  ],
  effect: 'reversible',
  takes,
  claims: async (ctx, text) => {
    const found = await findEnvironmentsByName(ctx.db, { orgId: ctx.orgId, text, now: ctx.now() })
    return found.some((row) => row.name.toLowerCase() === text.toLowerCase())
  },
  async run(ctx, asked) {
    const { act, environment: name, when, until: end, length, holder, why } = asked
    if (act === 'add') return add(ctx, name)
    if (act === 'unshare' && !name)
      throw invalid('Which environment? Nothing was changed.', { next: 'Try: env unshare web-1' })
    if (!name) return board(ctx, act === 'free')
    const environment = await environmentCalled(ctx, name, (full) =>
      canonical({ verb: 'env', takes }, { ...asked, environment: full }, ctx.person.zone),
    )
    if (act === 'unshare') return unshare(ctx, { environment, sure: why === 'yes' })
    if (act === 'here') return announceHere(ctx, environment)
    if (when || end || length)
      return bookAndTell(ctx, environment, {
        ...slotMeant(ctx, { when, until: end, length, environment }),
        ...{ reason: why, personId: holder && personBehind(ctx, holder) },
      })
    if (why)
      throw new UnclearError(`For how long do you want ${environment.name}?`, [
        { label: '2 hours', command: `env book ${quote(environment.name)} 2h because ${why}` },
        { label: '4 hours', command: `env book ${quote(environment.name)} 4h because ${why}` },
      ])
    return card(environmentCard, environment.id)
  },
})

async function board(ctx: BotContext, onlyFree: boolean) {
  const all = await listEnvironments(ctx.db, ctx.orgId, ctx.now())
  const rows = onlyFree ? all.filter((row) => row.available && !row.current) : all
  return say(environmentsBoard, { onlyFree, rows: rows.map((row) => boardRow(ctx, row)) })
}

async function add(ctx: BotContext, name: string | undefined) {
  if (!name) throw invalid('An environment needs a name. Nothing was created.', { next: 'Try: env add stage-1' })
  const made = await createEnvironment(ctx, { name })
  return card(environmentCard, made.id)
}

/** Its bookings are announced in the channel this was typed in. */
async function announceHere(ctx: BotContext, environment: EnvironmentRow) {
  const { channel, direct } = ctx.place
  if (!channel || direct)
    throw invalid('Bookings are announced in channels, and this is none. Nothing was changed.', {
      next: `Type “env here ${environment.name}” in the channel.`,
    })
  await assertOwnChannel(ctx, `Type “env here ${environment.name}” in a channel of your own company.`)
  await changeEnvironment(ctx, { environmentId: environment.id, channel })
  return done(md`Bookings of *${environment.name}* are announced here from now on.`, {
    subject: { kind: 'environment', id: environment.id },
  })
}
