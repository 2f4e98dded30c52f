import { z } from 'zod'
import { section } from '../blocks.ts'
import { cut, join, lines, linkTo, md } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report } from './message.ts'

/** People with the roles they hold, and whether Slack knows them. */
export default report({
  name: 'people-list',
  facts: z.object({
    people: z.array(z.object({ id: z.string(), name: z.string(), isLinked: z.boolean(), roles: z.array(z.string()) })),
    /** There are others, on the page. */
    more: z.boolean(),
    page: z.string(),
  }),
  text: (f) =>
    f.people.length === 1
      ? `${cut(f.people[0]!.name, 100)}: ${cut(f.people[0]!.roles.join(', ') || 'no role', 150)}.`
      : `${count(f.people.length, 'person', 'people')}: ${listed(f.people.map(({ name }) => cut(name, 60)))}.`,
  slack: (f, frame) => [
    section(
      lines(
        ...f.people.map(({ id, name, isLinked, roles }) =>
          join([
            md`*${linkTo(frame.url(`/people/${id}`), cut(name, 60))}*`,
            cut(roles.join(', '), 80) || 'no role, sees nothing',
            isLinked ? null : 'not in Slack yet',
          ]),
        ),
        f.more ? 'The others are on the page.' : null,
      ),
    ),
  ],
  footer: (f) => ({ link: f.page, more: ['A role changes with “role @user engineer for pool”'] }),
  samples: {
    usual: {
      more: false,
      page: '/people',
      people: [
        {
          id: '8f2c0000-0000-4000-8000-000000000001',
          name: 'Lea Brandt',
          isLinked: true,
          roles: ['organization manager'],
        },
        {
          id: '8f2c0000-0000-4000-8000-000000000002',
          name: 'Anna Ivanova',
          isLinked: false,
          roles: ['manager of Shop', 'member'],
        },
        { id: '8f2c0000-0000-4000-8000-000000000003', name: 'Gus', isLinked: true, roles: [] },
      ],
    },
    one: {
      more: false,
      page: '/people/8f2c0000-0000-4000-8000-000000000002',
      people: [{ id: '8f2c0000-0000-4000-8000-000000000002', name: 'Max', isLinked: true, roles: ['engineer'] }],
    },
  },
})
