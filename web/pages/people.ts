import { Hono } from 'hono'
import { z } from 'zod'
import { listMembers, type Member } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import { can } from '../../engine/access.ts'
import { sayRoles } from '../../engine/organizations/role-words.ts'
import type { WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { adding } from '../person-parts.ts'
import { address, badge, link, pager, section, table, twoLines } from '../parts.ts'

const pageSize = 50
const cursor = z.uuid().optional().catch(undefined)

/** Everybody of the organization with the roles they hold. */
export const people = new Hono<WebEnv>().get('/people', async (c) => {
  const { ctx, view } = c.var
  const after = cursor.parse(c.req.query('after'))
  const rows = await listMembers(ctx.db, { orgId: ctx.orgId, limit: pageSize + 1, ...(after ? { after } : {}) })
  const page = rows.slice(0, pageSize)
  const next = rows.length > pageSize ? address('/people', { after: page.at(-1)!.id }) : null
  const pools = (await can(ctx, 'manage_organization')) ? await listPools(ctx.db, ctx.orgId) : null
  return show(
    c,
    'People',
    [
      section(
        'Everybody here',
        table<Member>(
          [
            {
              title: 'Name',
              head: true,
              cell: ({ id, name, email }) => twoLines(link(`/people/${id}`, name), email ?? '–'),
            },
            {
              title: 'Roles',
              cell: ({ roles }) => (roles.length ? sayRoles(roles) : badge('no role, sees nothing', 'warn')),
            },
            { title: 'Slack', cell: ({ isLinked }) => (isLinked ? 'linked' : 'not linked') },
          ],
          page,
          { caption: 'People by name', empty: 'Nobody is left in this list.' },
        ),
      ),
      pager({ first: after ? '/people' : null, next }),
      pools ? section('Add a person', adding(view, pools)) : '',
    ],
    {
      lead: 'A role on the organization counts everywhere, a role on a pool in the pool and below it. People come in through Slack: they type /finops, and a manager lets them in. A manager may also add them here before that.',
    },
  )
})
