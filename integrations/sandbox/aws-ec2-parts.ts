/** What the calls of the EC2 stand-in share: pages, filters by id, tags. */
import { AwsFault } from './aws-request.ts'
import type { SandboxAws, SandboxRegion } from './aws-state.ts'
import type { XmlValue } from './aws-xml.ts'

export type Ec2Call = (of: {
  state: SandboxAws
  region: SandboxRegion
  form: URLSearchParams
}) => Record<string, XmlValue>

/** The page a request asks for; MaxResults below 5 is refused as AWS does. */
export function ec2Page<T>(
  all: T[],
  { form, state }: { form: URLSearchParams; state: SandboxAws },
): { items: T[]; next?: string } {
  const size = Number(form.get('MaxResults') ?? 1000)
  if (size < 5)
    throw new AwsFault(400, 'InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`)
  const from = Number(form.get('NextToken') ?? 0)
  const end = from + Math.min(size, state.pageLimit ?? size)
  return { items: all.slice(from, end), ...(end < all.length ? { next: String(end) } : {}) }
}

/** The filter `name`, the only one a call speaks here. */
export function wanted(form: URLSearchParams, name: string): (each: { id: string }) => boolean {
  if (!form.has('Filter.1.Name')) return () => true
  if (form.get('Filter.1.Name') !== name) throw new AwsFault(400, 'InvalidParameterValue', 'Unknown filter.')
  const ids = new Set([...form].flatMap(([field, value]) => (field.startsWith('Filter.1.Value.') ? [value] : [])))
  return ({ id }) => ids.has(id)
}

export const tagSet = ({ name, tags = {} }: { name?: string; tags?: Record<string, string> }): XmlValue =>
  Object.entries({ ...(name ? { Name: name } : {}), ...tags }).map(([key, value]) => ({ key, value }))
