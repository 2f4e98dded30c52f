import { Hono } from 'hono'
import { readRule } from '../../engine/assignment/rule-facts.ts'
import { createRule, deleteRule, MoveRule, moveRule, updateRule } from '../../engine/assignment/rules.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { readRuleForm } from '../rule-parts.ts'

/** The acts behind the forms of rules. */
export const ruleActs = new Hono<WebEnv>()
  .post('/rules/new', (c) =>
    act(c, {
      back: '/rules/new',
      form: 'rule',
      run: async (ctx, values) => {
        const { id, name } = await createRule(ctx, readRuleForm(values))
        return {
          say: `${name} was made; it is checked first.`,
          next: 'Resources that are there already stay where they are: apply the rules again to move them.',
          goTo: `/rules/${id}`,
        }
      },
    }),
  )
  .post('/rules/:id/change', async (c) => {
    const { id } = await readRule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/rules/${id}`,
      form: 'rule',
      run: async (ctx, values) => {
        const { name } = await updateRule(ctx, { ruleId: id, ...readRuleForm(values) })
        return `${name} was changed. What it assigned stays until rules are applied again.`
      },
    })
  })
  .post('/rules/:id/switch', async (c) => {
    const { id } = await readRule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/rules/${id}`,
      run: async (ctx, { active }) => {
        const rule = await updateRule(ctx, { ruleId: id, active: active === 'on' })
        return rule.active ? `${rule.name} is on: new resources go by it.` : `${rule.name} is off.`
      },
    })
  })
  .post('/rules/:id/move', async (c) => {
    const { id, name } = await readRule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: '/rules',
      run: async (ctx, values) => {
        const { to } = MoveRule.pick({ to: true }).parse(values)
        const { before, after } = await moveRule(ctx, { ruleId: id, to })
        return before === after ? `${name} stays at ${after}.` : `${name} moved from ${before} to ${after}.`
      },
    })
  })
  .post('/rules/:id/delete', async (c) => {
    const { id, name } = await readRule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/rules/${id}`,
      run: async (ctx) => {
        await deleteRule(ctx, { ruleId: id })
        return { say: `${name} was deleted. What it assigned stays.`, goTo: '/rules' }
      },
    })
  })
