import { setTimeout as sleep } from 'node:timers/promises'
import { conflict, postgresError } from './errors.ts'

/** SQL states of a transaction that PostgreSQL ended for the sake of another one: a deadlock, and changes that cannot be ordered. */
const sacrificed = ['40P01', '40001']
const tries = 4

/**
 * Does a piece of work again, up to 3 times and a moment of chance later, when PostgreSQL picked its transaction as the
 * victim: nothing of it has happened then. Throws `conflict` when it is picked every time.
 */
export async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (!sacrificed.includes(postgresError(error)?.code ?? '')) throw error
      if (tried === tries)
        throw conflict('Others kept changing the same things at this moment. Nothing was changed.', {
          next: 'Try again in a minute.',
        })
      await sleep(10 * tried + Math.random() * 40 * tried)
    }
  }
}
