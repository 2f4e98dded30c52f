import { Hono } from 'hono'
import { z } from 'zod'
import { findFinding, type FindingRow } from '../../db/queries/recommendations.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { dismissFinding, getFinding, isDismissable, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import { act, chosen } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton } from '../form-parts.ts'
import { evidenceFacts } from '../finding-parts.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'

const Dismiss = z.object({ reason: z.string().max(500).optional().meta({ label: 'Why' }) })
const Snooze = z.object({ days: z.number().int().min(1).max(365).default(7).meta({ label: 'For', unit: 'days' }) })

type Decide = (ctx: Context, finding: FindingRow, values: Record<string, string>) => Promise<string>
const nameOf = ({ resourceName, key }: FindingRow): string => resourceName ?? key

/** What can be decided about a finding, by the word in the address. */
const decide: Record<string, Decide> = {
  async dismiss(ctx, finding, values) {
    await dismissFinding(ctx, { findingId: finding.id, reason: values['reason'] ?? '' })
    return `${nameOf(finding)} is dismissed and will not be shown again.`
  },
  async snooze(ctx, finding, values) {
    const days = Number(values['days'] ?? 7)
    await snoozeFinding(ctx, { findingId: finding.id, days })
    return `${nameOf(finding)} is put off for ${days} days.`
  },
  async reopen(ctx, finding) {
    await reopenFinding(ctx, { findingId: finding.id })
    return `${nameOf(finding)} is back on the list.`
  },
}

/** One finding: what is known about it and what can be decided; the page of what has no resource of its own. */
export const finding = new Hono<WebEnv>().get('/findings/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await getFinding(ctx, c.req.param('id'))
  const one = getRecommendation(found.recommendation)
  const known: [string, parts.Content][] = evidenceFacts(one, found.evidence, view)
  if (found.saving !== null) known.push(['Saving a month', parts.money(found.saving, view.organization.currency)])
  const where: [string, parts.Content][] = [
    ['Resource', found.resourceId ? parts.link(`/resources/${found.resourceId}`, nameOf(found)) : nameOf(found)],
    ['Id', parts.code(found.cloudResourceId ?? found.key)],
    ['Account', parts.link(`/accounts/${found.accountId}`, found.accountName)],
    ['Region', found.region || '–'],
    ['Pool and owner', `${found.poolName ?? '–'} · ${found.ownerName ?? 'nobody'}`],
    ['Since', parts.moment(found.detectedAt, view)],
    ['State', found.status],
  ]
  return show(
    c,
    nameOf(found),
    parts.columns(
      [
        [parts.section('What is known', parts.facts(known)), parts.section('Where', parts.facts(where))],
        parts.section('Decide', decisionForms(found, view, 'finding')),
      ],
      'wide',
    ),
    {
      trail: [
        ['/savings', 'Savings'],
        [`/savings/${one.id}`, one.title],
      ],
      lead: one.advice,
    },
  )
})

/** The acts behind the forms of a finding. */
export const findingActs = new Hono<WebEnv>().post('/findings/:id/:decision', async (c) => {
  const { ctx } = c.var
  const found = await findFinding(ctx.db, { orgId: ctx.orgId, id: c.req.param('id'), now: ctx.now() })
  const decision = chosen(decide, c.req.param('decision'))
  if (!found || !decision) throw notFound('There is no such finding. Nothing was changed.')
  return act(c, { back: backTo(found, c.req.query('from')), run: (ctx, values) => decision(ctx, found, values) })
})

/** The page the form stood on. */
function backTo({ id, resourceId, recommendation }: FindingRow, from: string | undefined): string {
  if (from === 'finding') return `/findings/${id}`
  return from === 'resource' && resourceId ? `/resources/${resourceId}` : `/savings/${recommendation}`
}

/** The forms of a finding: put off or dismiss what is active, bring back what is not. */
export function decisionForms(finding: FindingRow, view: View, from = ''): parts.Content {
  const action = (decision: string) => `/findings/${finding.id}/${decision}${from ? `?from=${from}` : ''}`
  if (finding.status === 'excluded') return 'Its pool is left out in the settings below.'
  if (finding.status !== 'active')
    return [finding.dismissReason, postButton(view, { action: action('reopen'), submit: 'Bring back' })]
  const about = { name: '', inline: true, tone: 'plain' } as const
  return [
    finding.recommendation === 'instances_for_shutdown'
      ? parts.link(`/power?finding=${finding.id}`, 'Make a power schedule of its inactive hours')
      : null,
    form(view, { ...about, action: action('snooze'), submit: 'Snooze', schema: Snooze }),
    isDismissable(finding) && form(view, { ...about, action: action('dismiss'), submit: 'Dismiss', schema: Dismiss }),
  ]
}
