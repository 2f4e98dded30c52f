import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { createLog } from '../../engine/log.ts'
import { world, type World } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

it('writes what the database refused, and nothing of what a person typed', async () => {
  const lines: string[] = []
  const log = createLog('warn', { write: (line) => void lines.push(line) })
  const error: unknown = await w.deps.db.execute(sql`select ${'my private words'}::text / 0`).catch((e: unknown) => e)
  log.warn({ err: error, token: 'x', install: { token: 'xoxb-secret' } }, 'failed')
  expect(lines[0]).toContain('operator does not exist')
  expect(lines[0]).not.toContain('my private words')
  expect(lines[0]).not.toContain('xoxb-secret')
})
