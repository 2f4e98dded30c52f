import { Hono } from 'hono'
import { findResource } from '../../db/queries/resources.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { setPowerExceptions, switchMachine } from '../../engine/power/switch.ts'
import type { ResourceFacts } from '../../engine/resources/resource.ts'
import { hourMs, localOf } from '../../engine/time.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, textInput } from '../form-parts.ts'
import { fold, link, quiet, row, type Content } from '../parts.ts'
import { nextTimes } from '../power-parts.ts'
import { typedMoment } from '../times.ts'

/** The acts behind the power forms of a machine. */
export const resourcePowerActs = new Hono<WebEnv>()
  .post('/resources/:id/power', async (c) => {
    const id = await idOf(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/resources/${id}`,
      form: 'power',
      run: async (ctx, { action, hours = '' }) => {
        const isOn = action === 'on'
        const until = isOn && Number(hours) > 0 ? new Date(ctx.now().getTime() + Number(hours) * hourMs) : undefined
        await switchMachine(ctx, { resourceId: id, action: isOn ? 'on' : 'off', ...(until ? { until } : {}) })
        return `It is being switched ${isOn ? 'on' : 'off'}; this page shows what came of it in a minute.`
      },
    })
  })
  .post('/resources/:id/power-exceptions', async (c) => {
    const id = await idOf(c.get('ctx'), c.req.param('id'))
    const { zone } = c.get('view').person
    return act(c, {
      back: `/resources/${id}`,
      form: 'power-exceptions',
      run: async (ctx, { skip = '', keep = '' }) => {
        const skipUntil = typedMoment(skip, { zone, field: 'skip' })
        const keepOnUntil = typedMoment(keep, { zone, field: 'keep' })
        await setPowerExceptions(ctx, { resourceId: id, skipUntil, keepOnUntil })
        return skipUntil || keepOnUntil
          ? 'Noted: this time it is different.'
          : 'It follows its schedule without exceptions.'
      },
    })
  })

async function idOf(ctx: Context, id: string): Promise<string> {
  const found = await findResource(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('There is no such resource in this organization.')
  return found.id
}

/** On and off now, and what its schedule does; nothing for what is no instance. */
export function powerForms({ resource, power }: ResourceFacts, view: View): Content {
  if (resource.type !== 'Instance' || !resource.active) return null
  const at = `/resources/${resource.id}`
  const { zone } = view.person
  const local = (when: Date | null) => (when ? `${localOf(when, zone).day}T${localOf(when, zone).time}` : '')
  const exceptions = power
    ? [
        quiet([link(`/power/${power.scheduleId}`, power.schedule), power.enabled ? '' : ' (switched off)']),
        nextTimes(power.next, view),
        form(view, {
          ...{ name: 'power-exceptions', action: `${at}/power-exceptions`, submit: 'Save', tone: 'plain' },
          more: (typed) => [
            textInput('skip', `Skip until (${zone})`, {
              type: 'datetime-local',
              value: typed?.['skip'] ?? local(power.skipUntil),
            }),
            textInput('keep', `Keep on until (${zone})`, {
              type: 'datetime-local',
              value: typed?.['keep'] ?? local(power.keepOnUntil),
            }),
          ],
        }),
      ]
    : quiet(['It follows no ', link('/power', 'power schedule'), '.'])
  return fold(
    'Power',
    [
      row([
        form(view, {
          ...{ name: 'power', action: `${at}/power`, submit: 'Switch on', tone: 'plain', inline: true },
          hidden: { action: 'on' },
          more: (typed) =>
            textInput('hours', 'For hours', {
              type: 'number',
              placeholder: 'until its schedule',
              value: typed?.['hours'],
            }),
        }),
        postButton(view, { action: `${at}/power`, submit: 'Switch off', hidden: { action: 'off' } }),
      ]),
      exceptions,
    ],
    view.flash?.form?.startsWith('power') ?? false,
  )
}
