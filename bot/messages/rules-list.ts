import { z } from 'zod'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { cut, join, lines, linkTo, md } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report } from './message.ts'

const rule = z.object({
  id: z.string(),
  priority: z.number(),
  name: z.string(),
  active: z.boolean(),
  /** Why it hands out nothing. */
  broken: z.string().nullable(),
  says: z.array(z.string()),
  pool: z.string(),
  owner: z.string().nullable(),
})

/** Assignment rules in the order they are checked. */
export default report({
  name: 'rules-list',
  facts: z.object({ count: z.number(), next: z.number().nullable(), rules: z.array(rule) }),
  text: (f) =>
    f.count
      ? f.rules.length
        ? `${count(f.count, 'assignment rule')}: ${listed(f.rules.map(({ priority, name }) => `${priority}. ${name}`))}.`
        : `There are only ${count(f.count, 'assignment rule')}.`
      : 'There are no assignment rules: new resources go to the pool of their account.',
  slack: (f, frame) => [
    header(f.count ? count(f.count, 'assignment rule') : 'No assignment rules'),
    section('The first whose conditions all hold decides. Without one, the pool of the account gets the resource.'),
    ...f.rules.map(({ id, priority, name, active, broken, says, pool, owner }) =>
      section(
        lines(
          join([
            md`*${priority}. ${linkTo(frame.url(`/rules/${id}`), cut(name, 100))}*`,
            broken ? ':warning: broken' : active ? null : 'off',
          ]),
          cut(says.join(' and '), 400),
          md`→ ${pool}, ${owner ?? 'default owner of the pool'}`,
          broken && `${broken} Choose another owner on its page.`,
        ),
      ),
    ),
    ...(f.next ? [actions(button({ label: 'Next 10', verb: 'run-command', arg: `rules ${f.next}` }))] : []),
  ],
  footer: () => ({ link: '/rules' }),
  samples: {
    usual: {
      count: 12,
      next: 11,
      rules: [
        {
          id: '8f2c0000-0000-4000-8000-000000000001',
          priority: 1,
          name: 'payments by tag',
          active: true,
          broken: null,
          says: ['Tag is team = payments', 'Region is eu-west-1'],
          pool: 'Payments',
          owner: null,
        },
        {
          id: '8f2c0000-0000-4000-8000-000000000002',
          priority: 2,
          name: 'load tests',
          active: false,
          broken: 'Priya has no role in CI, so the rule hands out nothing.',
          says: ['Name or id starts with loadtest-'],
          pool: 'CI',
          owner: 'Priya',
        },
      ],
    },
    beyond: { count: 3, next: null, rules: [] },
    nothing: { count: 0, next: null, rules: [] },
  },
})
