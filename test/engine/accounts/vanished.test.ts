import { expect, it } from 'vitest'
import { acceptVanished } from '../../../engine/accounts/vanished.ts'
import { meanwhile } from '../../meanwhile.ts'
import { world } from '../../world.ts'

const w = await world({ now: '2026-11-23T10:00:00Z' })

it('keeps settings somebody saves at the same moment', async () => {
  const mine = await w.account('aws', { settings: { bucket: 'old' } })
  await meanwhile(w, (tx) => tx`update accounts set settings = '{"bucket": "new"}' where id = ${mine.id}`, {
    work: () => acceptVanished(w.as(), { accountId: mine.id }),
  })
  const [row] = await w.database.sql`select settings from accounts where id = ${mine.id}`
  expect(row!.settings).toMatchObject({ bucket: 'new', vanishedAcceptedUntil: '2026-11-23T11:00:00.000Z' })
})
