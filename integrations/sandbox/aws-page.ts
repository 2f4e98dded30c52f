import type { SandboxAws } from './aws-state.ts'

/** A page of at most `size` (or of the account's page limit), from the item number `token` on. */
export function pageOf<T>(
  all: T[],
  { state, size, token }: { state: SandboxAws; size: number; token: string | null | undefined },
): { items: T[]; next: string | null } {
  const from = Number(token ?? 0)
  const end = from + Math.min(size, state.pageLimit ?? size)
  return { items: all.slice(from, end), next: end < all.length ? String(end) : null }
}
