import { z } from 'zod'
import { isPositive } from '../../engine/money.ts'
import { readResources } from '../../engine/resources/resource.ts'
import { actions, fields, header } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { quote } from '../grammar.ts'
import { cardPower, powerInWords, powerState } from '../power.ts'
import { limitInWords, priceOf, runs, ttlInWords } from '../resources.ts'
import { code, join, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { card, type Frame } from './message.ts'

const person = z.object({ id: z.string(), name: z.string() })
const source = z.enum(['own', 'policy']).nullable()

const facts = z.object({
  id: z.string(),
  rev: z.number(),
  title: z.string(),
  cloudId: z.string(),
  type: z.string(),
  region: z.string(),
  account: z.string(),
  owner: person.nullable(),
  pool: z.string(),
  perDay: z.string(),
  month: z.string(),
  currency: z.string(),
  ttl: z.object({ endsAt: z.date().nullable(), source, policyHours: z.string().nullable() }),
  dailyLimit: z.object({ limit: z.string().nullable(), source }),
  findings: z.object({ count: z.number(), saving: z.string() }),
  environment: z.object({ name: z.string(), heldBy: person.nullable(), until: z.date().nullable() }).nullable(),
  /** Instances only. */
  power: cardPower.nullable(),
  present: z.boolean(),
  violated: z.boolean(),
  seenAt: z.date(),
  through: z.date().nullable(),
})
type Facts = z.output<typeof facts>

/** Everything about one resource, and what can be done with it. */
export default card<Facts>({
  name: 'resource-card',
  subject: 'resource',
  facts,
  async load(ctx, id) {
    const [found] = await readResources(ctx, [id])
    if (!found) return null
    const {
      resource,
      title,
      account,
      owner,
      pool,
      perDay,
      month,
      ttl,
      dailyLimit,
      findings,
      environment,
      present,
      power,
      through,
    } = found
    return {
      id,
      rev: resource.rev,
      title,
      cloudId: resource.cloudResourceId,
      type: resource.type || resource.service,
      region: resource.region,
      account: account.name,
      owner,
      pool: pool.path,
      perDay,
      month,
      currency: ctx.currency,
      ttl: { endsAt: ttl.endsAt, source: ttl.source, policyHours: ttl.policy },
      dailyLimit: { limit: dailyLimit.limit, source: dailyLimit.source },
      findings,
      environment,
      power: resource.type === 'Instance' ? powerState(resource, power) : null,
      present,
      violated: resource.constraintViolated,
      seenAt: resource.lastSeenAt,
      through,
    }
  },
  text: (f, frame) => {
    const ttl = f.ttl.endsAt ? md`TTL ${moment(f.ttl.endsAt)}` : null
    const owner = f.owner ? `owner ${f.owner.name}` : 'no owner'
    return join([f.title, f.type, owner, `pool ${f.pool}`, `${frame.money(f.perDay)} a day`, ttl], ', ')
  },
  slack: (f, frame) => [
    header(f.title),
    fields({
      Type: f.type,
      Where: join([f.account, f.region]),
      'Owner · pool': join([f.owner ? frame.mention(f.owner) : 'Nobody', f.pool]),
      Cost: `${frame.money(f.perDay)} a day · ${frame.money(f.month)} this month`,
      TTL: ttlInWords(f.ttl),
      'Daily limit': limitInWords(f.dailyLimit, f.currency),
      Savings: f.findings.count
        ? `${count(f.findings.count, 'recommendation')}${isPositive(f.findings.saving) ? `, ${frame.money(f.findings.saving)} a month` : ''}`
        : null,
      Power: f.power && powerInWords(f.power),
      'Shared as': f.environment && environmentInWords(f.environment, frame),
    }),
    ...(f.present ? [buttons(f, frame.money)] : []),
  ],
  footer: (f) => ({
    link: `/resources/${f.id}`,
    through: f.through,
    more: [
      code(f.cloudId),
      f.present ? md`seen ${moment(f.seenAt)}` : 'gone from the cloud',
      f.violated && 'a limit is passed',
    ],
  }),
  samples: { usual: sample(), bare: { ...sample(), ...bare() }, gone: { ...sample(), present: false } },
})

function buttons(f: Facts, money: (amount: string) => string) {
  const on = { id: f.id, rev: f.rev }
  const price = Number(f.perDay) > 0 ? ` · ${money(priceOf(f.perDay, 1))}` : ''
  return actions(
    f.ttl.endsAt &&
      button({
        ...on,
        label: `Extend 1 Day${price}`,
        verb: 'extend-ttl',
        arg: '1',
        aria: `Extend ${f.title} by one day`,
      }),
    button({ ...on, label: f.ttl.endsAt ? 'Change TTL' : 'Set TTL', verb: 'pick-ttl' }),
    button({ ...on, label: 'Assign', verb: 'assign' }),
    f.power && button({ ...on, label: 'Power Schedule', verb: 'power-schedule' }),
    overflow(
      { ...on, label: 'Set Daily Limit', verb: 'set-limit' },
      f.power && switchLine(f),
      f.owner ? null : { ...on, label: 'Take It', verb: 'assign-to', arg: 'me' },
      runs('Cost of the Pool, 30 Days', `cost by resource for ${quote(f.pool)} 30d`),
      f.findings.count > 0 && runs('Show Recommendations', `recs for ${quote(f.pool)}`),
    ),
  )
}

const switchLine = ({ power, cloudId }: Facts) =>
  /^(stopp|$)/.test(power?.state ?? '')
    ? runs('Switch On', `power ${quote(cloudId)} on`)
    : runs('Switch Off', `power ${quote(cloudId)} off`)

function environmentInWords({ name, heldBy, until }: NonNullable<Facts['environment']>, frame: Frame) {
  if (!heldBy) return `${name}, free now`
  const holder = frame.mention(heldBy)
  return until ? md`${name}, held by ${holder} until ${moment(until)}` : md`${name}, held by ${holder}`
}

function sample(): Facts {
  return {
    id: '8f2c0000-0000-4000-8000-000000000001',
    rev: 7,
    title: 'loadtest-db',
    cloudId: 'arn:aws:rds:eu-west-1:123456789012:db:loadtest-db',
    type: 'RDS Instance',
    region: 'eu-west-1',
    account: 'AWS prod-main',
    owner: { id: 'p1', name: 'Max' },
    pool: 'Payments',
    perDay: '14',
    month: '182',
    currency: 'USD',
    ttl: {
      endsAt: new Date('2026-11-24T17:00:00Z'),
      source: 'policy',
      policyHours: '168',
    },
    dailyLimit: { limit: '20', source: 'own' },
    findings: { count: 1, saving: '31' },
    environment: { name: 'stage-2', heldBy: { id: 'p2', name: 'Priya' }, until: new Date('2026-11-24T17:00:00Z') },
    power: {
      state: 'running',
      schedule: 'office hours',
      enabled: true,
      skipUntil: null,
      keepOnUntil: null,
      next: [{ action: 'off', at: new Date('2026-11-23T19:00:00Z') }],
    },
    present: true,
    violated: true,
    seenAt: new Date('2026-11-23T09:48:00Z'),
    through: new Date('2026-11-22T00:00:00Z'),
  }
}

function bare(): Partial<Facts> {
  return {
    owner: null,
    perDay: '0',
    month: '0',
    ttl: { endsAt: null, source: null, policyHours: null },
    dailyLimit: { limit: null, source: null },
    findings: { count: 0, saving: '0' },
    environment: null,
    power: null,
    violated: false,
    through: null,
  }
}
