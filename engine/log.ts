/** What may be written to the log: never what people typed, never keys. */
import pino, { type Logger } from 'pino'

/** The log of an installation: one JSON line per thing, secrets redacted by name, errors without the values of their queries. */
export const createLog = (level: string, destination?: pino.DestinationStream): Logger =>
  pino(
    { level, redact: ['*.token', '*.secret', '*.password', '*.credentials'], serializers: { err: withoutValues } },
    destination,
  )

/** A failed query says its parameters in its message; the database's own error below it says what went wrong without them. */
function withoutValues(error: unknown): unknown {
  const { cause } = (error ?? {}) as { cause?: unknown }
  if (!(error instanceof Error) || !('params' in error)) return pino.stdSerializers.err(error as Error)
  const below = cause instanceof Error ? cause : new Error('A query failed.')
  const { name, message, stack } = below
  return { type: name, message, code: (below as { code?: string }).code, stack }
}
