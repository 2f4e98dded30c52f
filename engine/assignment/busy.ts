import { conflict, postgresError } from '../errors.ts'

/** For `catch`: says in words that a bill holds the lock a move of spend waited for (Postgres 55P03); throws on what else it is. */
export function billIsStored(error: unknown): never {
  if (postgresError(error)?.code !== '55P03') throw error
  throw conflict('A bill of this account is being stored right now. Nothing was changed.', {
    next: 'Try again in a minute.',
  })
}
