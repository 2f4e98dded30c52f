import { Hono } from 'hono'
import type { CleanUp, CleanUpItem } from '../../db/schema/clean-ups.ts'
import { can } from '../../engine/access.ts'
import { approveCleanUp, declineCleanUp } from '../../engine/clean-ups/decide.ts'
import { filesOf } from '../../engine/clean-ups/freeze.ts'
import { assertFollows, lookAgain, ranCleanUp, readCleanUp, sayOutcome } from '../../engine/clean-ups/verify.ts'
import type { Context } from '../../engine/context.ts'
import { conflict, notFound } from '../../engine/errors.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { act, chosen } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { download } from '../files.ts'
import { form, postButton, tick } from '../form-parts.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'

/** How far a clean-up is, in words. */
export const states: Record<CleanUp['state'], string> = {
  ...{ choosing: 'being chosen', waiting_approval: 'waits for approval', handed_over: 'handed over' },
  ...{ verified: 'verified', declined: 'declined', expired: 'not answered in time' },
}

type Verb = { run: (ctx: Context, cleanUp: CleanUp, sent: Record<string, string>) => Promise<unknown>; said: string }

const verbs: Record<string, Verb> = {
  approve: {
    run: (ctx, { id, sha256 }) => approveCleanUp(ctx, { cleanUpId: id, sha256 }),
    said: 'Approved: the scripts can be fetched now.',
  },
  'approve-part': {
    run: (ctx, { id, sha256 }, sent) => approveCleanUp(ctx, { cleanUpId: id, sha256, findingIds: tickedIn(sent) }),
    said: 'Approved: the scripts of what was ticked can be fetched now; the rest is not approved.',
  },
  decline: {
    run: (ctx, { id, sha256 }) => declineCleanUp(ctx, { cleanUpId: id, sha256 }),
    said: 'Declined. Nothing was handed over.',
  },
  ran: {
    run: (ctx, { id }) => ranCleanUp(ctx, { cleanUpId: id }),
    said: 'The accounts are read again now; the next check says what is gone.',
  },
  look: {
    run: (ctx, { id }) => lookAgain(ctx, { cleanUpId: id }),
    said: 'The accounts are read again now; this page says what is gone after the check.',
  },
}

const ticks = 'item.'
const tickedIn = (sent: Record<string, string>): string[] =>
  Object.keys(sent).flatMap((name) => (name.startsWith(ticks) ? [name.slice(ticks.length)] : []))

const isOut = ({ state }: CleanUp): boolean => state === 'handed_over' || state === 'verified'

/** A clean-up: its list, its files, and what came of it. */
export const cleanUpPages = new Hono<WebEnv>()
  .get('/clean-ups/:id', async (c) => {
    const { ctx, view } = c.var
    const found = await readCleanUp(ctx, { cleanUpId: c.req.param('id') })
    const outcome = sayOutcome(found.items)
    return show(
      c,
      'Clean-up',
      [
        outcome ? parts.notice(found.state === 'verified' ? 'good' : 'info', `${outcome}.`) : null,
        parts.stats([
          { name: 'Findings', value: found.items.length, note: states[found.state] },
          { name: 'Saving', value: parts.money(found.saving, view.organization.currency), note: 'per month' },
          { name: 'Asked by', value: found.personName, note: parts.moment(found.requestedAt, view) },
        ]),
        parts.section('What to do', await buttons(ctx, found, view)),
        found.declined.length
          ? parts.section('Not approved', table(found.declined, view), 'These are open advice again.')
          : null,
        parts.section('The list', table(found.items, view), parts.code(`sha256 ${found.sha256.slice(0, 16)}…`)),
      ],
      { trail: [['/savings', 'Savings']], lead: 'Nothing is deleted until a person runs the scripts.' },
    )
  })
  .post('/clean-ups/:id/:verb', async (c) => {
    const { ctx } = c.var
    const found = await readCleanUp(ctx, { cleanUpId: c.req.param('id') })
    const verb = chosen(verbs, c.req.param('verb'))
    if (!verb) throw notFound('There is nothing like this to do. Nothing was changed.')
    return act(c, {
      back: `/clean-ups/${found.id}`,
      run: async (ctx, sent) => {
        await verb.run(ctx, found, sent)
        return verb.said
      },
    })
  })
  .get('/clean-ups/:id/files/:file', async (c) => {
    const { ctx } = c.var
    const found = await readCleanUp(ctx, { cleanUpId: c.req.param('id') })
    await assertFollows(ctx, found)
    if (!isOut(found)) throw conflict('This clean-up is not approved, so there are no files.')
    const file = filesOf(found).find(({ name }) => name === c.req.param('file'))
    if (!file) throw notFound('There is no such file.')
    return download(c, file.content, { name: file.name, type: 'text/plain' })
  })

async function buttons(ctx: Context, found: CleanUp, view: View): Promise<parts.Content> {
  const { id, state, personId } = found
  const button = (verb: string, submit: string, tone: 'main' | 'plain') =>
    postButton(view, { action: `/clean-ups/${id}/${verb}`, submit, tone })
  const isManager = await can(ctx, 'manage_organization')
  const own = personId === ctx.actor.personId
  if (state === 'waiting_approval') {
    const may = await Promise.all(
      [...new Set(found.items.map((item) => item.poolId))].map((poolId) => can(ctx, 'approve_clean_ups', { poolId })),
    )
    return may.every(Boolean) && (!own || isManager)
      ? [button('approve', 'Approve', 'main'), button('decline', 'Decline', 'plain'), part(found, view)]
      : 'A manager of its pools decides; no answer in a day is a no.'
  }
  if (!isOut(found) || (!own && !isManager)) return parts.quiet(`This clean-up is ${states[state]}.`)
  const files = filesOf(found).map(({ name }) => parts.linkButton(`/clean-ups/${id}/files/${name}`, name))
  const look =
    found.ranAt && (await can(ctx, 'check_recommendations')) ? button('look', 'Check again now', 'plain') : ''
  return [files, button('ran', 'I ran it', 'main'), look]
}

/** Approves what is ticked; the rest goes back to the person who asked. */
const part = ({ id, items }: CleanUp, view: View): parts.Content =>
  items.length > 1
    ? parts.fold(
        'Approve only some of it',
        form(view, {
          ...{ name: 'part', action: `/clean-ups/${id}/approve-part`, submit: 'Approve what is ticked', tone: 'plain' },
          more: items.map(({ findingId, name }) => tick(`${ticks}${findingId}`, name, true)),
        }),
      )
    : null

const table = (items: CleanUpItem[], view: View): parts.Content =>
  parts.table<CleanUpItem>(
    [
      {
        title: 'Resource',
        head: true,
        cell: ({ name, resourceId }) => (resourceId ? parts.link(`/resources/${resourceId}`, name) : name),
      },
      { title: 'Recommendation', cell: ({ recommendation }) => getRecommendation(recommendation).title },
      { title: 'How', cell: ({ byHand }) => (byHand ? 'by hand' : 'by script') },
      { title: 'Saving a month', number: true, cell: ({ saving }) => parts.money(saving, view.organization.currency) },
      { title: 'Now', cell: ({ outcome }) => outcome ?? parts.dash },
    ],
    items,
    { caption: 'Findings of this clean-up', empty: 'Nothing is on it.' },
  )
