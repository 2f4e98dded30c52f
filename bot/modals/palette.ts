import { z } from 'zod'
import { listEnvironments } from '../../db/queries/environments.ts'
import { findPoolsByName, listPools } from '../../db/queries/pools.ts'
import { findResources } from '../../engine/resources/search.ts'
import { quote } from '../grammar.ts'
import { section } from '../blocks.ts'
import { code, md } from '../rich.ts'
import { run } from '../reply.ts'
import { modal, type Choice } from './modal.ts'

/** Type anything: a command, an environment, a pool, a resource. */
export default modal({
  name: 'palette',
  title: 'What do you need?',
  submit: 'Go',
  fields: z.object({
    what: z
      .string()
      .meta({ label: 'Command, environment, pool or resource', input: 'found', placeholder: 'Start typing' }),
  }),
  load: async () => ({
    blocks: [
      section(
        md`Pick from the list, or type a part of a name. Everything here can also be typed behind ${code('/finops')}.`,
      ),
    ],
  }),
  run: async (_, { values }) => run(values.what),
  async find(ctx, text) {
    const wanted = text.trim().toLowerCase()
    const has = (name: string) => name.toLowerCase().includes(wanted)
    const [environments, pools, resources] = await Promise.all([
      listEnvironments(ctx.db, ctx.orgId, ctx.now()),
      wanted ? findPoolsByName(ctx.db, { orgId: ctx.orgId, text: wanted }) : listPools(ctx.db, ctx.orgId),
      wanted.length > 1 ? findResources(ctx, { text: wanted, limit: 15 }) : [],
    ])
    const commands = ctx.manual.filter((doc) => has(doc.verb) || has(doc.summary) || doc.examples.some(has))
    const option = (label: string, value: string): Choice => ({ label, value })
    return [
      // An example of a change names things nobody meant: its help comes first.
      ...commands.map(({ verb, summary, effect }) =>
        option(`${verb} · ${summary}`, effect === 'none' || verb === 'env' || verb === 'book' ? verb : `help ${verb}`),
      ),
      ...environments
        .filter(({ name }) => has(name))
        .slice(0, 10)
        .map(({ name, current }) =>
          option(`${name} · environment, ${current ? 'taken' : 'free'}`, `env ${quote(name)}`),
        ),
      ...pools.slice(0, 10).map(({ path }) => option(`${path} · pool`, `cost for ${quote(path)}`)),
      ...resources.map(({ name, cloudResourceId, type }) =>
        option(`${name || cloudResourceId} · ${type || 'resource'}`, `resource ${quote(cloudResourceId)}`),
      ),
    ]
      .filter(({ value }) => value.length <= 140)
      .slice(0, 50)
  },
})
