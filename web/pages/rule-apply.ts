import { Hono } from 'hono'
import { listEvents } from '../../db/queries/events.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Event } from '../../db/schema/events.ts'
import { can } from '../../engine/access.ts'
import { previewReapply, requestReapply } from '../../engine/assignment/reapply.ts'
import type { Context } from '../../engine/context.ts'
import { minuteMs } from '../../engine/time.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, form, select, tick } from '../form-parts.ts'
import { show } from '../layout.ts'
import { address, moment, notice, plural, section, table, type Content } from '../parts.ts'
import { sayPath } from '../pool-parts.ts'

/** A running application is looked at again every so many seconds, for so long. */
const [refreshSeconds, patienceMs] = [3, 10 * minuteMs]
const names = ['rules.reapply-requested', 'rules.reapplied']

/** Everything, or one pool with what is below it or without. */
type Asked = { pool: { id: string; path: string } | null; below: boolean }

/** Applies the rules again: what it would look at and override is said first, what came of it afterwards. */
export const ruleApply = new Hono<WebEnv>()
  .get('/rules/apply', async (c) => {
    const { ctx, view } = c.var
    const pools = await listPools(ctx.db, ctx.orgId)
    const pool = pools.find(({ id }) => id === c.req.query('pool')) ?? null
    const asked = { pool, below: c.req.query('below') === 'on' }
    const past = await applicationsOf(ctx, asked)
    const [latest] = past
    const runs =
      latest !== undefined && latest.name === names[0] && view.now.getTime() - latest.at.getTime() < patienceMs
    const scope = askForm('/rules/apply', [
      select('pool', 'To', {
        any: 'everything',
        choices: pools.map(({ id, path }) => ({ value: id, label: sayPath(path) })),
        value: pool?.id,
      }),
      tick('below', 'With the pools below it', asked.below),
    ])
    return show(
      c,
      'Apply rules again',
      [
        // While the page looks again by itself there is nothing to fill in.
        runs ? null : section('What to look at', scope),
        section(sayScope(asked), await confirm(ctx, { asked, view })),
        section('Latest', await pastTable(ctx, { past, view })),
      ],
      {
        trail: [['/rules', 'Rules']],
        lead: 'Rules touch new resources only. Here they decide anew for those that are there.',
        refresh: runs ? refreshSeconds : undefined,
      },
    )
  })
  .post('/rules/apply', (c) =>
    act(c, {
      back: '/rules/apply',
      run: async (ctx, { pool = '', below = '' }) => {
        await requestReapply(ctx, pool ? { poolId: pool, subPools: below === 'on' } : {})
        return {
          say: 'The rules are being applied again.',
          next: 'The result appears below when it is done.',
          goTo: address('/rules/apply', { pool, below }),
        }
      },
    }),
  )

const sayScope = ({ pool, below }: Asked): string =>
  pool ? `${sayPath(pool.path)}${below ? ' and the pools below it' : ', without the pools below it'}` : 'Everything'

async function confirm(ctx: Context, { asked, view }: { asked: Asked; view: View }): Promise<Content> {
  const { pool, below } = asked
  if (!(await can(ctx, 'manage_pools', { poolId: pool?.id ?? null })))
    return notice('info', 'You cannot apply rules here.', 'Choose a pool you manage, or ask one of its managers.')
  const scope = pool ? { poolId: pool.id, subPools: below } : {}
  const { resources, byPeople } = await previewReapply(ctx, scope)
  return [
    notice(
      byPeople ? 'warn' : 'info',
      `${plural(resources, 'resource')} will be looked at. Decisions of people are overridden: ${plural(byPeople, 'resource')} of them ${byPeople === 1 ? 'was' : 'were'} assigned by hand.`,
      'A resource without a rule goes to the pool of its account. Costs move along. This cannot be taken back.',
    ),
    form(view, {
      name: 'apply',
      action: '/rules/apply',
      submit: 'Apply rules again',
      hidden: { pool: pool?.id ?? '', below: below ? 'on' : '' },
    }),
  ]
}

const applicationsOf = (ctx: Context, { pool }: Asked): Promise<Event[]> =>
  listEvents(ctx.db, {
    orgId: ctx.orgId,
    subject: pool ? { kind: 'pool', id: pool.id } : { kind: 'organization', id: ctx.orgId },
    names,
    limit: 10,
  })

async function pastTable(ctx: Context, { past, view }: { past: Event[]; view: View }): Promise<Content> {
  const people = new Map((await listPeople(ctx.db, ctx.orgId)).map(({ id, name }) => [id, name]))
  const say = ({ name, after, personId }: Event): string =>
    name === 'rules.reapplied'
      ? `Done: ${plural(Number(after?.['processed']), 'resource')} looked at, ${Number(after?.['updated'])} changed.`
      : `Asked for by ${(personId && people.get(personId)) || 'somebody who left'}.`
  return table<Event>(
    [
      { title: 'When', head: true, cell: (event) => moment(event.at, view) },
      { title: 'What', cell: say },
    ],
    past,
    { caption: 'Applications of the rules here, newest first', empty: 'Rules were never applied again here.' },
  )
}
