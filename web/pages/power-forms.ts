import { Hono } from 'hono'
import { attachMachines, detachMachines } from '../../engine/power/attach.ts'
import { changeSchedule, deleteSchedule, getSchedule } from '../../engine/power/schedules.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { readSchedule } from '../power-parts.ts'

/** The acts behind the forms of a power schedule. */
export const powerActs = new Hono<WebEnv>()
  .post('/power/:id/change', async (c) => {
    const { id, startsAt } = await getSchedule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/power/${id}`,
      form: 'change',
      run: async (ctx, values) => {
        // Empty means now where it has not begun; what has begun is left alone.
        const begun = startsAt > ctx.now() ? { startsAt: ctx.now() } : {}
        const { name } = await changeSchedule(ctx, { scheduleId: id, ...begun, ...readSchedule(values) })
        return `${name} was changed; it counts from its next time on.`
      },
    })
  })
  .post('/power/:id/switch', async (c) => {
    const { id } = await getSchedule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/power/${id}`,
      run: async (ctx, values) => {
        const { name, enabled } = await changeSchedule(ctx, { scheduleId: id, enabled: values['enabled'] === 'on' })
        return enabled ? `${name} works again.` : `${name} is switched off: its machines stay as they are.`
      },
    })
  })
  .post('/power/:id/attach', async (c) => {
    const { id, name } = await getSchedule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/power/${id}`,
      form: 'attach',
      run: async (ctx, { resource = '' }) => {
        const { attached } = await attachMachines(ctx, { scheduleId: id, resourceIds: [resource] })
        return `${attached[0]!.name || attached[0]!.cloudResourceId} follows ${name}.`
      },
    })
  })
  .post('/power/:id/detach', async (c) => {
    const { id, name } = await getSchedule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/power/${id}`,
      run: async (ctx, { resource = '' }) => {
        const [gone] = await detachMachines(ctx, { resourceIds: [resource] })
        return `${gone?.title ?? 'It'} does not follow ${name} any more and stays as it is.`
      },
    })
  })
  .post('/power/:id/delete', async (c) => {
    const { id, name } = await getSchedule(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/power/${id}`,
      run: async (ctx) => {
        await deleteSchedule(ctx, { scheduleId: id })
        return { say: `${name} was deleted; its machines stay as they are.`, goTo: '/power' }
      },
    })
  })
