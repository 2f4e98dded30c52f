import type { Organization, Person } from '../db/schema/organizations.ts'
import type { Context, Deps } from '../engine/context.ts'

/** What main hands to the web view besides the engine's own. */
export type WebDeps = Deps & {
  /** Lets other machines read /metrics; without it only this one may. */
  metricsToken?: string
  /** A bill upload may have so many bytes; 5 GiB when not given. */
  uploadLimitBytes?: number
}

/** One line shown once after an action. A refused form comes back with what was typed, except secrets. */
export type Flash = {
  tone: 'good' | 'bad'
  text: string
  next?: string
  form?: string
  field?: string
  values?: Record<string, string>
}

/** What every page needs to draw itself: for whom, in which currency and zone, and the token its forms carry. */
export type View = {
  person: Person
  organization: Organization
  csrf: string
  flash: Flash | null
  /** Path and query of this request. */
  path: string
  now: Date
  /** Last day with billing data. */
  through: Date | null
}

/** Request variables of all signed-in routes. */
export type WebEnv = { Variables: { deps: WebDeps; ctx: Context; view: View; session: string } }
