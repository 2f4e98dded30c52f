import { beforeAll, describe, expect, it } from 'vitest'
import type { ConditionRow } from '../../../db/schema/assignments.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { conditions } from '../../../engine/assignment/conditions/catalog.ts'
import { reapplyRules } from '../../../engine/assignment/reapply.ts'
import { conditionInWords, createRule, deleteRule } from '../../../engine/assignment/rules.ts'
import { world, type World } from '../../world.ts'

let w: World
let thing: Resource
beforeAll(async () => {
  w = await world()
  thing = await w.resource(await w.account(), {
    name: 'Web-Prod_1',
    cloudResourceId: 'i-0ABC100%',
    type: 'Instance',
    region: 'eu-west-1',
    tags: { env: 'prod', Team: '', 'a.b': "o'hara" },
  })
})

/** [kind, what matches, what does not] */
const cases: [string, Omit<ConditionRow, 'kind'>[], Omit<ConditionRow, 'kind'>[]][] = [
  ['name-is', [{ value: 'web-prod_1' }, { value: 'I-0abc100%' }], [{ value: 'web-prod' }, { value: 'web-prod-1' }]],
  ['name-starts-with', [{ value: 'WEB' }, { value: 'i-0' }], [{ value: 'prod' }, { value: 'web_' }, { value: '%' }]],
  ['name-ends-with', [{ value: 'PROD_1' }, { value: '100%' }], [{ value: 'web' }, { value: 'x web-prod_1' }]],
  ['name-contains', [{ value: 'b-p' }, { value: '0%' }], [{ value: 'b_p' }, { value: 'staging' }, { value: 'w%1' }]],
  ['type-is', [{ value: 'Instance' }], [{ value: 'instance' }, { value: 'Volume' }]],
  ['region-is', [{ value: 'eu-west-1' }], [{ value: 'EU-west-1' }, { value: 'eu-west' }]],
  [
    'tag-is',
    [
      { key: 'env', value: 'prod' },
      { key: 'a.b', value: "o'hara" },
    ],
    [
      { key: 'env', value: 'Prod' },
      { key: 'ENV', value: 'prod' },
    ],
  ],
  [
    'tag-exists',
    [
      { key: 'Team', value: '' },
      { key: 'env', value: '' },
    ],
    [
      { key: 'team', value: '' },
      { key: 'prod', value: '' },
    ],
  ],
  [
    'tag-value-starts-with',
    [{ key: 'env', value: 'pr' }],
    [
      { key: 'env', value: 'od' },
      { key: 'none', value: 'pr' },
    ],
  ],
]

async function matches(condition: ConditionRow): Promise<boolean> {
  const rule = await createRule(w.as(), { name: 'only', conditions: [condition], poolId: w.root.id })
  await reapplyRules(w.as(), {})
  const [row] = await w.database.sql`select rule_id from resources where id = ${thing.id}`
  await deleteRule(w.as(), { ruleId: rule.id })
  return row!.rule_id === rule.id
}

describe('conditions', () => {
  for (const [kind, hits, misses] of cases) {
    it(`${kind} holds for ${JSON.stringify(hits)} and not for ${JSON.stringify(misses)}`, async () => {
      for (const hit of hits) expect(await matches({ kind, ...hit }), JSON.stringify(hit)).toBe(true)
      for (const miss of misses) expect(await matches({ kind, ...miss }), JSON.stringify(miss)).toBe(false)
    })
  }

  it('source-is holds for the account of the resource only', async () => {
    const other = await w.account()
    expect(await matches({ kind: 'source-is', value: thing.accountId })).toBe(true)
    expect(await matches({ kind: 'source-is', value: other.id })).toBe(false)
  })

  it('all have a test here, a label and fields with labels', () => {
    expect(conditions.map(({ kind }) => kind)).toEqual([...cases.map(([kind]) => kind), 'source-is'].sort())
    for (const { label, input } of conditions) {
      expect(label).toMatch(/^[A-Z]/)
      for (const field of Object.values(input.shape)) expect(field.meta()?.label).toBeTruthy()
    }
    expect(conditionInWords({ kind: 'tag-is', key: 'env', value: 'prod' })).toBe('Tag is env = prod')
  })

  it.each([
    [{ kind: 'name-like', value: 'x' }, 'There is no condition called name-like'],
    [{ kind: 'name-is', value: '  ' }, '“Name or id is” needs Text, 1 to 255 characters each'],
    [{ kind: 'tag-is', value: 'prod' }, '“Tag is” needs Tag and Value'],
    [{ kind: 'source-is', value: 'prod' }, '“Account is” needs Account'],
    [{ kind: 'name-is', value: 'x'.repeat(256) }, '“Name or id is” needs Text'],
  ])('%o is refused: %s', async (condition, why) => {
    await expect(createRule(w.as(), { name: 'bad', conditions: [condition], poolId: w.root.id })).rejects.toThrow(why)
  })
})
