import { expect, it } from 'vitest'
import { notify } from '../../../engine/notifications/notify.ts'
import { world } from '../../world.ts'

const w = await world()
const waiting = async () =>
  (await w.database.sql`select count(*)::int as n from pgboss.job where name = 'deliver-notification'`)[0]!.n

it('what could not be queued is not there, so the next try tells it', async () => {
  const notice = { kind: 'pool-alert', key: 'once', personIds: [w.lea.id] }
  const broken = { ...w.job(), boss: { ...w.deps.boss, send: () => Promise.reject(new Error('the queue is away')) } }
  await expect(notify(broken, notice)).rejects.toThrow('the queue is away')
  const before = await waiting()
  await notify(w.job(), notice)
  expect(await waiting()).toBe(before + 1)
})
