import type { ConditionRow } from '../../db/schema/assignments.ts'
import type { Resource } from '../../db/schema/resources.ts'

/** Tags of the clouds themselves say nothing about whose it is. */
const foreign = /^(aws|azure|k8s|kubernetes)[:./]|^name$/i
const mostTags = 6

/**
 * Conditions a resource meets and others like it may: its tags, how its name begins, type, region and account, the most
 * telling first. At most ten.
 */
export function suggestConditions(
  resource: Pick<Resource, 'name' | 'tags' | 'type' | 'region' | 'accountId'>,
): ConditionRow[] {
  const tags = Object.entries(resource.tags).filter(
    ([key, value]) => !foreign.test(key) && key.length <= 120 && value && value.length <= 255,
  )
  const start = beginningOf(resource.name)
  const one = (kind: string, value: string) => (value ? [{ kind, value }] : [])
  return [
    ...tags.slice(0, mostTags).map(([key, value]) => ({ kind: 'tag-is', key, value })),
    ...one('name-starts-with', start),
    ...one('type-is', resource.type),
    ...one('region-is', resource.region),
    ...one('source-is', resource.accountId),
  ]
}

/** "shop-web-12" → "shop-web-": what comes after the last sign that parts words tells one from another. A name of one word stays. */
export function beginningOf(name: string): string {
  const [start = ''] = name.match(/^.+[-_./ ](?=[^-_./ ]+$)/) ?? [name]
  return start.slice(0, 255).trim()
}
