import type { Context } from '../context.ts'

/**
 * The external id that roles of an organization's accounts ask for. It is worked out of the installation's secret and never
 * typed: nobody can name another organization's, and it can be shown before anything is saved.
 */
export const externalIdOf = ({ secrets, orgId }: Pick<Context, 'secrets' | 'orgId'>): string =>
  secrets.nameOf(`${orgId}/external-id`)
