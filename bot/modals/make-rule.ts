import { z } from 'zod'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import type { ConditionRow } from '../../db/schema/assignments.ts'
import { conditionInWords, createRule } from '../../engine/assignment/rules.ts'
import { suggestConditions } from '../../engine/assignment/suggest.ts'
import { invalid } from '../../engine/errors.ts'
import { readResource, type ResourceFacts } from '../../engine/resources/resource.ts'
import { section } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { frameOf } from '../messages/message.ts'
import { done } from '../reply.ts'
import { personBehind } from '../resources.ts'
import { linkTo, md } from '../rich.ts'
import { modal } from './modal.ts'

/** A rule for resources like the one just assigned: what they share is filled in, where they go is where it is. */
export default modal({
  name: 'make-rule',
  title: 'Make a Rule',
  submit: 'Make Rule',
  fields: z.object({
    conditions: z
      .array(z.string(), 'Tick at least one condition.')
      .min(1, 'Tick at least one condition.')
      .meta({ label: 'Resources for which all of this holds', input: 'many' }),
    owner: z.string().optional().meta({ label: 'Get the owner', input: 'person' }),
    name: z.string().trim().max(255).optional().meta({ label: 'Name', hint: 'Empty means the conditions in words' }),
  }),
  async load(ctx, { resourceId = '' }) {
    const facts = await readResource(ctx, resourceId)
    const rows = suggestConditions(facts.resource)
    const names = await accountNames(ctx)
    const slackUser = facts.owner && ctx.slackUsers.get(facts.owner.id)
    return {
      blocks: [
        section(
          md`New resources like *${facts.title}* will go to *${facts.pool.path}*. The rule is checked first; resources that are there already stay.`,
        ),
      ],
      values: { conditions: rows.slice(0, 1).map(keyOf), ...(slackUser ? { owner: slackUser } : {}) },
      choices: { conditions: rows.map((row) => ({ label: conditionInWords(row, names), value: keyOf(row) })) },
      hints: { owner: 'Empty means the default owner of the pool' },
    }
  },
  async run(ctx, { facts, values }) {
    const resource = await readResource(ctx, facts['resourceId'] ?? '')
    return ruleReceipt(ctx, resource, values)
  },
})

/** Names a condition of a resource: the key tells tags apart, the rest is read from the resource again. */
const keyOf = ({ kind, key }: ConditionRow): string => (key ? `${kind}:${key}` : kind)

const accountNames = async (ctx: BotContext): Promise<Map<string, string>> =>
  new Map((await listAccounts(ctx.db, { orgId: ctx.orgId })).map(({ id, name }) => [id, name]))

async function ruleReceipt(
  ctx: BotContext,
  { resource, pool }: ResourceFacts,
  { conditions, owner, name }: { conditions: string[]; owner?: string | undefined; name?: string | undefined },
) {
  const rows = suggestConditions(resource).filter((row) => conditions.includes(keyOf(row)))
  if (rows.length < conditions.length)
    throw invalid('The resource changed meanwhile. Nothing was changed.', { next: 'Open the dialog again.' })
  const names = await accountNames(ctx)
  const says = rows.map((row) => conditionInWords(row, names)).join(' and ')
  const rule = await createRule(ctx, {
    name: name || says.slice(0, 255),
    conditions: rows,
    poolId: pool.id,
    ownerId: owner ? personBehind(ctx, owner) : null,
  })
  const web = linkTo(frameOf(ctx).url(`/rules/${rule.id}`), 'Open in web')
  return done(md`New resources where ${says} go to ${pool.path} now. Those that are there already stay. ${web}`, {
    subject: { kind: 'rule', id: rule.id },
    undo: { verb: 'make-rule', kept: { ruleId: rule.id } },
  })
}
