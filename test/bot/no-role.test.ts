/** Whoever is linked and has no role sees no cost: by any command of the catalog, also those of tomorrow, nor at home. */
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../bot/commands/catalog.ts'
import { insertPerson } from '../../db/queries/organizations.ts'
import { company, type Company } from '../web/company.ts'
import { max, priya, slackWorld, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let c: Company
beforeAll(async () => {
  w = await slackWorld()
  c = await company(w)
  await w.link(max, await insertPerson(w.deps.db, { orgId: w.org.id, name: 'Gus', email: 'gus@example.com' }))
})

const cost = /\$\d/
const lines = () => [
  ...commands.map(({ examples }) => examples[0]!),
  ...['env', 'env stage-1', 'budget Shop', 'cost', 'recs volumes', 'duplicates', `resource ${c.resources[1]!.name}`],
]

describe('a linked person without a role', () => {
  it('sees no cost by any command', async () => {
    for (const line of lines()) {
      const { text, blocks } = await w.type(line, { user: max })
      expect([line, text]).toEqual([line, 'You have no role yet, so there is nothing to show. Ask Lea for one.'])
      expect(JSON.stringify(blocks), line).not.toMatch(cost)
    }
    const { text, blocks } = await w.type('duplicates', { user: priya })
    expect(`${text} ${JSON.stringify(blocks)}`).toMatch(cost)
  })

  it('sees none at home', async () => {
    await w.slack.openHome({ user: max })
    await w.settled()
    expect(JSON.stringify(w.slack.home(max))).not.toMatch(cost)
  })
})
