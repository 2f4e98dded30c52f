/** Every link a Slack message carries leads to a page of the web view: the catalogue of messages against the table of routes. */
import { beforeAll, describe, expect, it } from 'vitest'
import { messages } from '../../bot/messages/catalog.ts'
import { draw, frameOf } from '../../bot/messages/message.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

const publicUrl = 'https://finops.example.com'
const frame = frameOf({ publicUrl, currency: 'USD' }, { question: 'q1', command: 'cost' })
let w: World
let lea: Visitor
let patterns: { route: string; pattern: RegExp }[]
beforeAll(async () => {
  w = await world()
  lea = await visitor(w)
  patterns = lea.app.routes
    .filter(({ method, path }) => method === 'GET' && !path.includes('*'))
    .map(({ path }) => ({ route: path, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }))
})

/** Paths of this site in a drawn message. */
const linksIn = (body: unknown): string[] =>
  [...JSON.stringify(body).matchAll(/https:\/\/finops\.example\.com(\/[^"|>\\\s]*)?/g)].map(([, path]) => path ?? '/')

describe.each(messages.map((message) => [message.name, message] as const))('%s', (name, message) => {
  it('links only to pages there are, and to one at least unless it is an answer to a click', async () => {
    for (const [sample, facts] of Object.entries(message.samples)) {
      const { link } = message.footer(message.facts.parse(facts), frame)
      expect(link === null, name).toBe(['receipt', 'refusal'].includes(name))
      for (const path of [
        ...(link === null ? [] : [link]),
        ...linksIn(draw(message, facts, { frame, origin: 'test' })),
      ]) {
        const bare = path.replaceAll('&amp;', '&').split('?')[0]!
        const route = patterns.find(({ pattern }) => pattern.test(bare))?.route
        expect(route, `${sample}: ${path}`).toBeDefined()
        if (!route!.includes(':')) expect((await lea.get(path.replaceAll('&amp;', '&'))).status, path).toBe(200)
      }
    }
  })
})
