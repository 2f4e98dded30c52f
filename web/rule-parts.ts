/** How assignment rules look, and the form that makes or changes one: rows of conditions as numbered fields, without a script. */
import type { Account } from '../db/schema/cloud-accounts.ts'
import type { ConditionRow } from '../db/schema/assignments.ts'
import type { Person } from '../db/schema/organizations.ts'
import type { PoolRow } from '../db/queries/pools.ts'
import { conditions as kinds } from '../engine/assignment/conditions/catalog.ts'
import type { RuleFacts } from '../engine/assignment/rule-facts.ts'
import { CreateRule } from '../engine/assignment/rules.ts'
import { invalid } from '../engine/errors.ts'
import type { View } from './env.ts'
import { form, select, textInput, tick } from './form-parts.ts'
import { badge, fold, link, quiet, row, twoLines, type Content } from './parts.ts'
import { sayPath } from './pool-parts.ts'

/** A rule has at most so many conditions (the verb says so too). */
const mostRows = 20
const choices = kinds.filter(({ kind }) => kind !== 'source-is').map(({ kind, label }) => ({ value: kind, label }))

/** On, off, or broken. */
export const ruleBadge = ({ active, broken }: RuleFacts): Content =>
  broken ? badge('broken', 'bad') : active ? badge('on', 'good') : badge('off')

/** "Tag is env = prod and Region is eu-west-1". */
export const sayConditions = ({ says }: RuleFacts): string => says.join(' and ')

/** The pool a rule leads to and who gets the resources. */
export const targetOf = ({ pool, owner }: RuleFacts): Content =>
  twoLines(link(`/pools/${pool.id}`, sayPath(pool.path)), owner?.name ?? 'default owner of the pool')

/** What a rule starts with in its form. */
export type Draft = {
  name: string
  conditions: ConditionRow[]
  poolId: string
  ownerId: string | null
  active: boolean
}

/** What can be chosen in the form. */
export type Choices = { pools: PoolRow[]; people: Person[]; accounts: Account[] }

/** Asks for a rule. A refused one comes back as it was typed. */
export function ruleForm(
  view: View,
  { action, submit, draft, from }: { action: string; submit: string; draft: Draft; from: Choices },
): Content {
  const asChoice = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  const pools = from.pools.map(({ id, path }) => ({ value: id, label: sayPath(path) }))
  return form(view, {
    name: 'rule',
    action,
    submit,
    more: (typed) => {
      const now = typed ?? valuesOf(draft)
      const rows = Array.from({ length: mostRows }, (_, n) => conditionRow(n, now))
      const used = Math.max(1, ...rows.map((_, n) => (filled(n, now) ? n + 1 : 0)))
      return [
        textInput('name', 'Name', { value: now['name'], required: true }),
        quiet('All conditions must hold. Leave rows empty that you do not need.'),
        rows.slice(0, used + 2),
        used + 2 < mostRows ? fold('More conditions', rows.slice(used + 2)) : null,
        select('account', 'Only of the account', {
          any: 'any account',
          choices: from.accounts.map(asChoice),
          value: now['account'],
        }),
        select('pool', 'Goes to the pool', { choices: pools, value: now['pool'] }),
        select('owner', 'And gets the owner', {
          any: 'default owner of the pool',
          choices: from.people.map(asChoice),
          value: now['owner'],
        }),
        tick('active', 'Switched on', now['active'] === 'on'),
      ]
    },
  })
}

type Values = Record<string, string>

const conditionRow = (n: number, now: Values): Content =>
  row([
    select(`kind-${n}`, `Condition ${n + 1}`, { any: '–', choices, value: now[`kind-${n}`] }),
    textInput(`key-${n}`, 'Tag (of tag conditions)', { value: now[`key-${n}`] }),
    textInput(`value-${n}`, 'Text or value', { value: now[`value-${n}`] }),
  ])

const filled = (n: number, now: Values): boolean => Boolean(now[`kind-${n}`] || now[`key-${n}`] || now[`value-${n}`])

function valuesOf({ name, conditions, poolId, ownerId, active }: Draft): Values {
  const account = conditions.find(({ kind }) => kind === 'source-is')?.value ?? ''
  const rows = conditions
    .filter(({ kind }) => kind !== 'source-is')
    .flatMap(({ kind, key = '', value }, n) => [
      [`kind-${n}`, kind],
      [`key-${n}`, key],
      [`value-${n}`, value],
    ])
  const rest = { name, account, pool: poolId, owner: ownerId ?? '', active: active ? 'on' : '' }
  return { ...(Object.fromEntries(rows) as Values), ...rest }
}

/** What the form sent, as the verb takes it. A row with a text but no condition is refused. */
export function readRuleForm(sent: Values): CreateRule {
  const rows = Array.from({ length: mostRows }, (_, n) => n).filter((n) => filled(n, sent))
  const conditions = rows.map((n) => {
    const [kind, key, value] = [sent[`kind-${n}`], sent[`key-${n}`], sent[`value-${n}`]]
    if (!kind)
      throw invalid(`Condition ${n + 1} does not say what is compared. Nothing was changed.`, {
        next: 'Choose what it compares, or empty the row.',
      })
    return { kind, value: value ?? '', ...(key ? { key } : {}) }
  })
  const account = sent['account'] ? [{ kind: 'source-is', value: sent['account'] }] : []
  return {
    name: sent['name'] ?? '',
    conditions: [...conditions, ...account],
    poolId: sent['pool'] ?? '',
    ownerId: sent['owner'] || null,
    active: sent['active'] === 'on',
  }
}
