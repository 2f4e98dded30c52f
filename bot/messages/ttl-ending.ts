import { z } from 'zod'
import { actions, header, section, type Block } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { priceOf, ttlInWords } from '../resources.ts'
import { join, lines, md, type Rich } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report, type Frame } from './message.ts'
import { sampleResource, toldResource, type ToldResource } from './told-resource.ts'

/** TTLs that end within a day: each with a price on every button, one click to extend (M5). */
export default report({
  name: 'ttl-ending',
  facts: z.object({ resources: z.array(toldResource), count: z.number() }),
  text: (f) =>
    `${count(f.count, 'of your resources reaches its TTL', 'of your resources reach their TTL')} within 24 hours: ${listed(f.resources.map(({ title }) => title))}. Extend or let go.`,
  slack: (f, frame) => [
    header(`${count(f.count, 'of your resources reaches its TTL', 'of your resources reach their TTL')} within a day`),
    ...f.resources.slice(0, most).flatMap((resource) => row(resource, frame)),
    ...(f.count > most ? [section(`…and ${count(f.count - most, 'more resource')}, on the web page.`)] : []),
  ],
  footer: (f) => ({
    link: f.count > 1 ? '/resources' : `/resources/${f.resources[0]?.id ?? ''}`,
    more: ['720 hours from now is the most; longer needs a manager'],
  }),
  samples: {
    usual: { resources: [sampleResource({}), sampleResource({ title: 'gpu-box-3', perDay: '1310.4' })], count: 2 },
    one: { resources: [sampleResource({ perDay: '0', policyHours: null })], count: 1 },
    many: { resources: Array.from({ length: 10 }, (_, n) => sampleResource({ title: `box-${n}` })), count: 1200 },
  },
})

const most = 8

function row(resource: ToldResource, frame: Frame): Block[] {
  const { id, rev, title, perDay } = resource
  const extend = (days: number, label: string) =>
    button({
      label: Number(perDay) > 0 ? `${label} · ${frame.money(priceOf(perDay, days))}` : label,
      verb: 'extend-ttl',
      id,
      rev,
      arg: String(days),
      aria: `Extend ${title} by ${count(days, 'day')}, about ${frame.money(priceOf(perDay, days))}`,
    })
  return [
    section(told(resource, frame)),
    actions(
      extend(1, 'Extend 1 Day'),
      extend(3, '3 Days'),
      extend(7, '7 Days'),
      letGoButton(resource),
      overflow({ label: 'Pick a Date', verb: 'pick-ttl', id, rev }, { label: 'Not Mine', verb: 'assign', id, rev }),
    ),
  ]
}

function told(resource: ToldResource, frame: Frame): Rich {
  const { title, type, region, perDay, month, endsAt, policyHours } = resource
  const ends = endsAt && ttlInWords({ endsAt, source: policyHours ? 'policy' : 'own', policyHours })
  return lines(
    join([md`*${title}*`, type, region, `${frame.money(perDay)} a day, ${frame.money(month)} this month`]),
    ends && md`TTL ends ${ends}`,
  )
}

/** The button that lets a resource go; nothing is deleted, and it says so before. */
export const letGoButton = ({ id, rev, title }: ToldResource) =>
  button({
    label: 'Let It Go',
    verb: 'let-go',
    id,
    rev,
    confirm: {
      title: `Let ${title} go`,
      text: 'Nobody is reminded again. Nothing is deleted by this bot; delete it in the cloud when its time is over.',
      yes: 'Let It Go',
      no: 'Keep',
    },
  })
