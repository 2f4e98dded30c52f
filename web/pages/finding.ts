import { Hono } from 'hono'
import { z } from 'zod'
import { findFinding, type FindingRow } from '../../db/queries/recommendations.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { dismissFinding, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton } from '../form-parts.ts'
import { link, type Content } from '../parts.ts'

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

/** The acts behind the forms of a finding. */
export const findingActs = new Hono<WebEnv>().post('/findings/:id/:decision', async (c) => {
  const { ctx } = c.var
  const found = await findFinding(ctx.db, { orgId: ctx.orgId, id: c.req.param('id'), now: ctx.now() })
  const decision = decide[c.req.param('decision')]
  if (!found || !decision) throw notFound('There is no such finding. Nothing was changed.')
  const back =
    c.req.query('from') === 'resource' && found.resourceId
      ? `/resources/${found.resourceId}`
      : `/savings/${found.recommendation}`
  return act(c, { back, run: (ctx, values) => decision(ctx, found, values) })
})

/** The forms of a finding: put off or dismiss what is active, bring back what is not. */
export function decisionForms(finding: FindingRow, view: View, from = ''): Content {
  const action = (decision: string) => `/findings/${finding.id}/${decision}${from ? `?from=${from}` : ''}`
  if (finding.status === 'excluded') return 'Its pool is left out in the settings below.'
  if (finding.status !== 'active')
    return [finding.dismissReason, postButton(view, { action: action('reopen'), submit: 'Bring back' })]
  const about = { name: '', inline: true, tone: 'plain' } as const
  return [
    finding.recommendation === 'instances_for_shutdown'
      ? link(`/power?finding=${finding.id}`, 'Make a power schedule of its inactive hours')
      : null,
    form(view, { ...about, action: action('snooze'), submit: 'Snooze', schema: Snooze }),
    form(view, { ...about, action: action('dismiss'), submit: 'Dismiss', schema: Dismiss }),
  ]
}
