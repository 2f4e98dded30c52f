/**
 * What a person may be told. Every message says what happened and what did not change; `next` says what to do.
 * Anything else that is thrown is a defect or an outage: the doors show an incident number for it and log the rest.
 */
export type ErrorKind = 'not_found' | 'forbidden' | 'conflict' | 'invalid' | 'limit' | 'upstream' | 'unavailable'

export type ErrorDetail = {
  /** The next step, one sentence. */
  next?: string
  /** The field of a form or dialog the message belongs to. */
  field?: string
  /** Ids of people who may do it. */
  whoCan?: string[]
  /** Facts for a richer refusal, e.g. three free slots. */
  facts?: Record<string, unknown>
}

export class AppError extends Error {
  readonly kind: ErrorKind
  readonly detail: ErrorDetail

  constructor(kind: ErrorKind, message: string, detail: ErrorDetail = {}) {
    super(message)
    this.name = 'AppError'
    this.kind = kind
    this.detail = detail
  }
}

/** The thing does not exist, or not in this organization. */
export const notFound = (message: string, detail?: ErrorDetail) => new AppError('not_found', message, detail)
/** The person may not do it; `whoCan` names who may. */
export const forbidden = (message: string, detail?: ErrorDetail) => new AppError('forbidden', message, detail)
/** Somebody or something else was first; `facts` may hold alternatives. */
export const conflict = (message: string, detail?: ErrorDetail) => new AppError('conflict', message, detail)
/** The input is not usable; `field` says which. */
export const invalid = (message: string, detail?: ErrorDetail) => new AppError('invalid', message, detail)
/** A limit of the product or the organization is reached. */
export const overLimit = (message: string, detail?: ErrorDetail) => new AppError('limit', message, detail)
/** A cloud, Slack or the calendar did not do its part; trying again may help. */
export const upstream = (message: string, detail?: ErrorDetail) => new AppError('upstream', message, detail)

/** The Postgres error below drizzle's wrapper, when there is one: `code` is the SQL state, e.g. 23505. */
export function postgresError(error: unknown): { code: string; constraint?: string } | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, constraint_name: constraint } = at as { code?: unknown; constraint_name?: string }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return constraint ? { code, constraint } : { code }
  }
  return null
}
