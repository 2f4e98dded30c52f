/** Google's error bodies, and the ways the stand-in goes wrong on order. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** `down` closes the connection; `lost-answer` does the work first and then closes it. */
export type CalendarFault =
  | 'down'
  | 'lost-answer'
  | 'broken'
  | 'no-permission'
  | 'not-found'
  | 'rate-limited'
  | 'too-many'
  | 'quota-exceeded'
  | 'switched-off'
  | 'sync-gone'

/** A refusal as Google words it. */
export type Refusal = { status: ContentfulStatusCode; reason: string; domain?: string; message: string }

/** Thrown by a route, answered by the one error handler. */
export class CalendarRefusal extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

export const refusals = {
  unauthorized: { status: 401, reason: 'authError', message: 'Request had invalid authentication credentials.' },
  calendarNotFound: { status: 404, reason: 'notFound', message: 'Not Found' },
  eventNotFound: { status: 404, reason: 'notFound', message: 'Not Found' },
  deleted: { status: 410, reason: 'deleted', message: 'Resource has been deleted' },
  duplicate: { status: 409, reason: 'duplicate', message: 'The requested identifier already exists.' },
  badId: { status: 400, reason: 'invalid', message: 'Invalid resource id value.' },
  badTime: { status: 400, reason: 'invalid', message: 'Missing or invalid start or end time.' },
  emptyTime: {
    status: 400,
    reason: 'timeRangeEmpty',
    domain: 'calendar',
    message: 'The specified time range is empty.',
  },
  syncMixed: { status: 400, reason: 'invalid', message: 'Sync token cannot be used with query restrictions.' },
  syncGone: {
    status: 410,
    reason: 'fullSyncRequired',
    domain: 'calendar',
    message: 'Sync token is no longer valid, a full sync is required.',
  },
} as const satisfies Record<string, Refusal>

/** What each fault answers; the two that close the connection answer nothing. */
export const faultAnswers: Partial<Record<CalendarFault, Refusal>> = {
  broken: { status: 503, reason: 'backendError', message: 'Backend Error' },
  'no-permission': {
    status: 403,
    reason: 'requiredAccessLevel',
    domain: 'calendar',
    message: 'You need to have writer access to this calendar.',
  },
  'not-found': refusals.calendarNotFound,
  'rate-limited': { status: 403, reason: 'rateLimitExceeded', domain: 'usageLimits', message: 'Rate Limit Exceeded' },
  'quota-exceeded': {
    status: 403,
    reason: 'quotaExceeded',
    domain: 'usageLimits',
    message: 'Calendar usage limits exceeded.',
  },
  'switched-off': {
    status: 403,
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    message: 'Google Calendar API has not been used in this project before or it is disabled.',
  },
  'too-many': { status: 429, reason: 'rateLimitExceeded', domain: 'usageLimits', message: 'Rate Limit Exceeded' },
}

/** The body Google sends with a refusal. */
export function refusalBody({ status, reason, message, domain = 'global' }: Refusal): object {
  return { error: { code: status, message, errors: [{ domain, reason, message }] } }
}
