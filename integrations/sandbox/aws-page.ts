/** Pages of the Query protocol: MaxResults and NextToken. */
import { AwsFault } from './aws-request.ts'

/** The page a request asks for; MaxResults below 5 is refused as AWS does. */
export function page<T>(all: T[], form: URLSearchParams): { items: T[]; next?: string } {
  const size = Number(form.get('MaxResults') ?? 1000)
  if (size < 5)
    throw new AwsFault(400, 'InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`)
  const from = Number(form.get('NextToken') ?? 0)
  const end = from + size
  return { items: all.slice(from, end), ...(end < all.length ? { next: String(end) } : {}) }
}
