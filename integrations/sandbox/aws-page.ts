/** Pages of answers: by MaxResults and NextToken, or of any size. */
import { AwsFault } from './aws-request.ts'
import type { SandboxAws } from './aws-state.ts'

/** The page a request asks for; MaxResults below 5 is refused as AWS does. */
export function page<T>(all: T[], form: URLSearchParams): { items: T[]; next?: string } {
  const size = Number(form.get('MaxResults') ?? 1000)
  if (size < 5)
    throw new AwsFault(400, 'InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`)
  const from = Number(form.get('NextToken') ?? 0)
  const end = from + size
  return { items: all.slice(from, end), ...(end < all.length ? { next: String(end) } : {}) }
}

/** A page of at most `size` (or of the account's page limit), from the item number `token` on. */
export function pageOf<T>(
  all: T[],
  { state, size, token }: { state: SandboxAws; size: number; token: string | null | undefined },
): { items: T[]; next: string | null } {
  const from = Number(token ?? 0)
  const end = from + Math.min(size, state.pageLimit ?? size)
  return { items: all.slice(from, end), next: end < all.length ? String(end) : null }
}
