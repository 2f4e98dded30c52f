/** How a Web API call, or a post to a `response_url` (the method of that name), goes wrong on order. `down` closes the connection without an answer. */
export type Fault = { method?: string | RegExp; times?: number } & (
  | { kind: 'rate_limited'; retryAfter?: number }
  | { kind: 'server_error' }
  | { kind: 'down' }
  | { kind: 'slow'; ms: number }
  | { kind: 'error'; error: string }
)

export type Faults = ReturnType<typeof createFaults>

/** The list of failures still owed. Each applies to `times` matching calls (once by default), oldest first. */
export function createFaults() {
  let owed: { fault: Fault; left: number }[] = []

  function add(fault: Fault) {
    const entry = { fault, left: fault.times ?? 1 }
    owed.push(entry)
    return () => void (owed = owed.filter((each) => each !== entry))
  }
  function next(method: string): Fault | undefined {
    const entry = owed.find(({ fault, left }) => left > 0 && concerns(fault.method, method))
    if (entry) entry.left -= 1
    return entry?.fault
  }
  return { add, next, clear: () => void (owed = []) }
}

function concerns(wanted: string | RegExp | undefined, method: string): boolean {
  return wanted === undefined || (typeof wanted === 'string' ? wanted === method : wanted.test(method))
}
