import { Hono } from 'hono'
import { can } from '../../engine/access.ts'
import { readRules, type RuleFacts } from '../../engine/assignment/rule-facts.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, postButton, textInput } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  address,
  link,
  linkButton,
  pager,
  plural,
  row,
  section,
  table,
  twoLines,
  type Column,
  type Content,
} from '../parts.ts'
import { ruleBadge, sayConditions, targetOf } from '../rule-parts.ts'

const pageSize = 50

/** Assignment rules in the order they are checked: the first whose conditions hold decides. */
export const rules = new Hono<WebEnv>().get('/rules', async (c) => {
  const { ctx, view } = c.var
  const { q = '', after = '' } = c.req.query()
  const all = await readRules(ctx)
  const found = all.filter((rule) => isAbout(rule, q))
  const rest = found.filter(({ priority }) => priority > (Number(after) || 0))
  const page = rest.slice(0, pageSize)
  const next = rest.length > pageSize ? address('/rules', { q, after: String(page.at(-1)!.priority) }) : null
  const orders = await can(ctx, 'manage_rules')
  return show(
    c,
    'Rules',
    [
      askForm('/rules', textInput('q', 'Name, condition, pool or owner', { value: q }), 'Find'),
      section(
        q ? `${plural(found.length, 'rule')} found` : plural(all.length, 'rule'),
        ruleTable(page, { view, orders }),
      ),
      pager({ first: after ? address('/rules', { q }) : null, next }),
    ],
    {
      lead: 'Where new resources go. Rules are checked from the top; the first one whose conditions all hold decides. Without one, the pool of the account gets the resource.',
      actions: [linkButton('/rules/new', 'New rule', 'main'), linkButton('/rules/apply', 'Apply again')],
    },
  )
})

/** Does any word people see of the rule hold this text? */
function isAbout(rule: RuleFacts, text: string): boolean {
  const seen = [rule.name, rule.pool.path, rule.owner?.name ?? '', ...rule.says, String(rule.priority)]
  return seen.some((word) => word.toLowerCase().includes(text.trim().toLowerCase()))
}

/** Rules with their conditions in words; those who may order them get the buttons for it. */
export function ruleTable(rows: RuleFacts[], { view, orders }: { view: View; orders: boolean }): Content {
  const state = (rule: RuleFacts): Content => (rule.broken ? twoLines(ruleBadge(rule), rule.broken) : ruleBadge(rule))
  const move = (to: string, submit: string, { id }: RuleFacts): Content =>
    postButton(view, { action: `/rules/${id}/move`, submit, hidden: { to } })
  const all: Column<RuleFacts>[] = [
    { title: 'Order', number: true, cell: ({ priority }) => priority },
    { title: 'Rule', head: true, cell: (rule) => twoLines(link(`/rules/${rule.id}`, rule.name), sayConditions(rule)) },
    { title: 'Goes to', cell: targetOf },
    { title: 'Made by', cell: ({ maker }) => maker ?? 'nobody who is still here' },
    { title: 'State', cell: state },
  ]
  const moves: Column<RuleFacts> = {
    title: 'Move',
    cell: (rule) => row([move('top', 'Top', rule), move('up', 'Up', rule), move('down', 'Down', rule)]),
  }
  return table<RuleFacts>(orders ? [...all, moves] : all, rows, {
    caption: 'Assignment rules in the order they are checked',
    empty: 'There is no such rule. New resources go to the pool of their account.',
  })
}
