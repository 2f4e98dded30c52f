import { Hono } from 'hono'
import { findEnvironment, listPropertyChanges, type EnvironmentRow } from '../../db/queries/environments.ts'
import type { Context } from '../../engine/context.ts'
import {
  ChangeEnvironment,
  changeEnvironment,
  deleteEnvironment,
  setProperties,
  unmarkShared,
} from '../../engine/environments/environment.ts'
import { sayLosing, type Losing } from '../../engine/environments/losing.ts'
import { notFound } from '../../engine/errors.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, readForm, textInput } from '../form-parts.ts'
import { code, facts, fold, link, money, moment, plural, quiet, type Content } from '../parts.ts'

const Change = ChangeEnvironment.pick({ name: true, hourlyCost: true, maxHours: true, active: true })

/** The acts behind the forms of an environment. */
export const environmentActs = new Hono<WebEnv>()
  .post('/environments/:id/change', async (c) => {
    const { id } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      form: 'change',
      run: async (ctx, values) => {
        const changed = await changeEnvironment(ctx, { environmentId: id, ...Change.parse(readForm(Change, values)) })
        return `${changed.name} was changed.`
      },
    })
  })
  .post('/environments/:id/properties', async (c) => {
    const { id } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      form: 'property',
      run: async (ctx, { name = '', value = '' }) => {
        await setProperties(ctx, { environmentId: id, properties: { [name]: value === '' ? null : value } })
        return value === '' ? `${name} was removed.` : `${name} is now ${value}.`
      },
    })
  })
  .post('/environments/:id/delete', async (c) => {
    const { id, name } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      run: async (ctx) => {
        await deleteEnvironment(ctx, { environmentId: id })
        return { say: `${name} was deleted with its bookings.`, goTo: '/environments' }
      },
    })
  })
  .post('/environments/:id/unshare', async (c) => {
    const { id, name, resourceId } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      run: async (ctx) => {
        const { bookings } = await unmarkShared(ctx, { environmentId: id })
        const gone = bookings ? ` ${plural(bookings, 'booking')} went with it.` : ''
        return {
          say: `${name} is shared no longer.${gone} The machine itself was not touched.`,
          goTo: `/resources/${resourceId}`,
        }
      },
    })
  })

/** The environment of an address, or NotFound. */
export async function readEnvironment(ctx: Context, id: string): Promise<EnvironmentRow> {
  const found = id ? await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now: ctx.now() }) : null
  if (!found) throw notFound('There is no such environment in this organization.')
  return found
}

/** A change of properties with the name of who made it. */
export type PropertyChange = Awaited<ReturnType<typeof listPropertyChanges>>[number] & { who: string }

/** What people should know about an environment, and how it changed. */
export function properties(
  found: EnvironmentRow,
  { view, manages, history }: { view: View; manages: boolean; history: PropertyChange[] },
): Content {
  const items = Object.entries(found.properties)
  const said = history.slice(0, 20).map(({ who, at, changes }) => [
    moment(at, view),
    ` ${who}: `,
    Object.entries(changes)
      .map(([name, { old, new: now }]) => `${name} ${old ?? '–'} → ${now ?? 'removed'}`)
      .join(', '),
  ])
  return [
    items.length ? facts(items) : quiet('It has no properties yet: versions, addresses, whatever people should know.'),
    manages
      ? form(view, {
          name: 'property',
          action: `/environments/${found.id}/properties`,
          submit: 'Set',
          inline: true,
          tone: 'plain',
          more: (typed) => [
            textInput('name', 'Property', { required: true, value: typed?.['name'] }),
            textInput('value', 'Value', { placeholder: 'empty removes it', value: typed?.['value'] }),
          ],
        })
      : null,
    said.length
      ? fold(
          'History',
          said.map((line) => quiet(line)),
        )
      : null,
  ]
}

/** What managers may change about an environment; `losing` whose bookings go when it does. */
export function settings(
  found: EnvironmentRow,
  { view, poolName, losing, mayUnshare }: { view: View; poolName: string; losing: Losing; mayUnshare: boolean },
): Content {
  const { name, hourlyCost, maxHours, active } = found
  return [
    facts([
      ['Cost per hour', money(hourlyCost, view.organization.currency)],
      ['Announced in', found.channel ? code(found.channel) : 'no channel'],
      ['Pool', link(`/pools/${found.poolId}`, poolName)],
    ]),
    fold(
      'Change',
      form(view, {
        name: 'change',
        action: `/environments/${found.id}/change`,
        submit: 'Save',
        schema: Change,
        values: { name, hourlyCost, maxHours, active },
      }),
      view.flash?.form === 'change',
    ),
    found.resourceId
      ? mayUnshare && fold('Stop sharing', unsharing(found, { view, losing }))
      : fold('Delete', [
          sayLosing(losing),
          ' This cannot be taken back.',
          postButton(view, { action: `/environments/${found.id}/delete`, submit: `Delete ${name}`, tone: 'danger' }),
        ]),
  ]
}

const unsharing = ({ id, name }: EnvironmentRow, { view, losing }: { view: View; losing: Losing }): Content => [
  `${name} stays a resource as it is, only nobody can book it any more. ${sayLosing(losing)} This cannot be taken back.`,
  postButton(view, { action: `/environments/${id}/unshare`, submit: `Stop sharing ${name}`, tone: 'danger' }),
]
