import { Hono } from 'hono'
import { listEvents } from '../../db/queries/events.ts'
import { can } from '../../engine/access.ts'
import { countMatching } from '../../engine/assignment/match.ts'
import { readRule, type RuleFacts } from '../../engine/assignment/rule-facts.ts'
import type { View, WebEnv } from '../env.ts'
import { postButton } from '../form-parts.ts'
import { show } from '../layout.ts'
import { columns, facts, link, linkButton, moment, notice, plural, quiet, section, type Content } from '../parts.ts'
import { sayPath } from '../pool-parts.ts'
import { ruleBadge, ruleForm, sayConditions } from '../rule-parts.ts'
import { eventTable } from './resource-history.ts'
import { choicesOf } from './rule-new.ts'

/** One rule: what it asks, where it leads, why it does not work, and what may be changed; and the page that asks before it goes. */
export const rule = new Hono<WebEnv>()
  .get('/rules/:id', async (c) => {
    const { ctx, view } = c.var
    const found = await readRule(ctx, c.req.param('id'))
    const [holds, events, may, from] = await Promise.all([
      countMatching(ctx, found.conditions),
      listEvents(ctx.db, { orgId: ctx.orgId, subject: { kind: 'rule', id: found.id }, limit: 10 }),
      can(ctx, 'manage_rules', { poolId: found.poolId }),
      choicesOf(ctx),
    ])
    const change = may
      ? [
          ruleForm(view, { action: `/rules/${found.id}/change`, submit: 'Save', draft: found, from }),
          quiet('What the rule assigned before stays until rules are applied again.'),
        ]
      : quiet('Managers of its pool change it.')
    return show(
      c,
      found.name,
      [
        found.broken ? notice('bad', found.broken, 'Choose another owner and switch the rule on.') : null,
        columns([
          [section('Rule', about(found, { view, holds })), section('Events', eventTable(events, view))],
          section('Change', change),
        ]),
      ],
      {
        trail: [['/rules', 'Rules']],
        lead: sayConditions(found),
        actions: may
          ? [
              postButton(view, {
                action: `/rules/${found.id}/switch`,
                submit: found.active ? 'Switch off' : 'Switch on',
                hidden: { active: found.active ? '' : 'on' },
              }),
              linkButton(`/rules/${found.id}/delete`, 'Delete'),
            ]
          : undefined,
      },
    )
  })
  .get('/rules/:id/delete', async (c) => {
    const { ctx, view } = c.var
    const found = await readRule(ctx, c.req.param('id'))
    const body = [
      'What it assigned stays where it is; new resources go by the other rules. This cannot be taken back.',
      postButton(view, { action: `/rules/${found.id}/delete`, submit: `Delete ${found.name}`, tone: 'danger' }),
      link(`/rules/${found.id}`, 'Keep it'),
    ]
    return show(c, `Delete ${found.name}?`, section(sayConditions(found), body), {
      trail: [
        ['/rules', 'Rules'],
        [`/rules/${found.id}`, found.name],
      ],
    })
  })

function about(found: RuleFacts, { view, holds }: { view: View; holds: number }): Content {
  return facts([
    ['State', ruleBadge(found)],
    ['Order', `${found.priority} (1 is checked first)`],
    ['All of these hold', found.says.map((words) => [words, quiet(' ')])],
    ['Goes to', link(`/pools/${found.pool.id}`, sayPath(found.pool.path))],
    ['Owner', found.owner?.name ?? 'default owner of the pool'],
    ['Made by', found.maker ?? 'nobody who is still here'],
    ['Made', moment(found.createdAt, view)],
    ['Fits now', `${plural(holds, 'resource')}, those that earlier rules take included`],
  ])
}
