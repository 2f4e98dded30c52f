import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { listBilledIds } from '../../../db/queries/billed-resources.ts'
import { world } from '../../world.ts'

const w = await world()

// COPY to stdout of postgres.js leaves its socket paused when the reader is slower than the last rows: nothing came after.
it.each([100, 2000, 3000, 25_000])(
  'the ids of %i resources are read slowly, and the transaction goes on',
  async (n) => {
    const made = sql`select 'arn:aws:x:' || g as resource_key, '' as holder, gen_random_uuid() as id from generate_series(1, ${n}::int) g`
    const read = await w.database.db.transaction(async (tx) => {
      await tx.execute(sql`set local idle_in_transaction_session_timeout = '5s'`)
      await tx.execute(sql`create temp table billed_ids on commit drop as ${made}`)
      const keys = new Set<string>()
      for await (const rows of listBilledIds(tx)) {
        await wait(1)
        for (const { resourceKey } of rows) keys.add(resourceKey)
      }
      const [after] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from billed_ids`)
      return [keys.size, after!.n]
    })
    expect(read).toEqual([n, n])
  },
  10_000,
)
