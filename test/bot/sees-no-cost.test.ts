/** Who sees no cost: whoever has no role, by any command of the catalog, also those of tomorrow; and another company. */
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../bot/commands/catalog.ts'
import { insertPerson } from '../../db/queries/organizations.ts'
import { company, type Company } from '../web/company.ts'
import { finops, lea, max, priya, slackWorld, type SlackWorld } from './slack-world.ts'

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

describe('a channel that another company reads', () => {
  it('gets no cost: not shared, not by a mention, and no files in its threads', async () => {
    const channel = w.slack.channels.find(({ id }) => id === finops)!
    channel.external = true
    await w.type('cost --share', { user: lea })
    expect(w.last(lea).text).toMatch(/shared with another company, so nothing was posted/)
    const { message } = await w.slack.mention({ user: lea, channel: finops, text: 'cost' })
    await w.slack.mention({ user: lea, channel: finops, text: 'cost --csv', thread_ts: message.ts })
    await w.settled()
    channel.external = false
    const posted = w.slack.messages(finops).filter(({ user }) => user !== lea)
    expect(JSON.stringify(posted)).not.toMatch(/\$\d|\.csv/)
    expect(JSON.stringify(w.slack.messages(w.slack.directChannel(lea)))).toMatch(/\.csv/)
  })
})
