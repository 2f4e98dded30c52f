/** A job that joins one that waits must see what its own transaction changed. */
import { beforeAll, expect, it } from 'vitest'
import { enqueue, inTransaction, type Context } from '../../../engine/context.ts'
import { record } from '../../../engine/events.ts'
import { handler } from '../../../engine/worker.ts'
import { listEvents } from '../../../db/queries/events.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

it.each<[string, () => Context]>([
  ['a person', () => w.as()],
  ['a job', () => w.job()],
])('does not run before the transaction of %s that joined it is over', async (_, context) => {
  const subject = { kind: 'pool', id: w.root.id } as const
  const seen: number[] = []
  const count = async () => (await listEvents(w.deps.db, { orgId: w.org.id, subject })).length
  const redraw = handler('redraw-copies', async () => void seen.push(await count()))
  const before = await count()
  await inTransaction(context(), (ctx) => record(ctx, 'pool.changed', { subject }))
  await inTransaction(context(), async (ctx) => {
    await record(ctx, 'pool.changed', { subject })
    await w.runJobs([redraw])
  })
  await w.runJobs([redraw])
  expect(seen.at(-1)).toBe(before + 2)
  expect(seen).toHaveLength(1)
})

it('queues anew when the job it would have joined is taken', async () => {
  const [ran, job] = [[] as string[], { orgId: w.org.id, key: 'one' }]
  await enqueue(w.deps, 'check-pools', job)
  await w.runJobs([
    handler('check-pools', async () => {
      if (ran.push('ran') === 1) await inTransaction(w.as(), (ctx) => enqueue(ctx, 'check-pools', job))
    }),
  ])
  expect(ran).toEqual(['ran', 'ran'])
})
