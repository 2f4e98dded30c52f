import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { admitted } from '../../engine/reach.ts'

let database: Database
beforeAll(() => {
  database = connect(inject('postgresUrl'), { max: 1 })
})
afterAll(() => database.close())

it('a process that stood still for longer than the database may take does not blame the database', async () => {
  await database.sql`select 1`
  const inside = admitted(database.db, () => Promise.resolve('done'))
  await turn()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000)
  expect(await inside).toBe('done')
})
