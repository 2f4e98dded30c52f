/** Every template, judged with every sample and with worlds nobody likes: empty, very long, hostile, not Latin. */
import { describe, expect, it } from 'vitest'
import type { Body } from '../../bot/blocks.ts'
import { judge } from '../../bot/lint.ts'
import { messages } from '../../bot/messages/catalog.ts'
import { draw, frameOf, type AnyMessage } from '../../bot/messages/message.ts'
import { checkBlocks } from '../../integrations/sandbox/slack-limits.ts'

const frame = frameOf(
  { publicUrl: 'https://finops.example.com', currency: 'USD' },
  { question: 'q1', command: 'cost by service 14d' },
)
const hostile = '<!channel> *_~`<http://evil|x>` & "q" '
const worlds: Record<string, (text: string) => string> = {
  hostile: (text) => `${hostile}${text}`.slice(0, 200),
  long: (text) => `${text} ${'very-long-name-'.repeat(40)}`,
  'not Latin': (text) => `決済基盤・本番 Ωμέγα پرداخت ${text}`,
  empty: () => '',
}

/** Words for people are changed; ids, enums and addresses stay what they are. */
function inWorld(facts: unknown, change: (text: string) => string, key = ''): unknown {
  if (typeof facts === 'string') return free.test(key) ? change(facts) : facts
  if (facts instanceof Date || typeof facts !== 'object' || facts === null) return facts
  if (Array.isArray(facts)) return facts.map((inner) => inWorld(inner, change, key))
  return Object.fromEntries(Object.entries(facts).map(([name, inner]) => [name, inWorld(inner, change, name)]))
}
const free =
  /name$|title$|^label$|sentence|^account$|environment$|holder|reason$|detail|^text$|organization|^pool$|path|^what$|refused|summary/i

/** What Slack reads as mrkdwn; plain_text and raw_text are shown as they are. */
function mrkdwnOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(mrkdwnOf)
  if (typeof node !== 'object' || node === null) return []
  const { type, text } = node as { type?: string; text?: unknown }
  return type === 'mrkdwn' ? [String(text)] : Object.values(node).flatMap(mrkdwnOf)
}

const noLink = ['receipt', 'refusal']
const drawn = (message: AnyMessage, facts: unknown): Body => draw(message, facts, { frame, origin: 'test' })

describe.each(messages.map((message) => [message.name, message] as const))('%s', (name, message) => {
  const samples = Object.entries(message.samples)

  it('has a usual sample and its name is its file name', async () => {
    expect(Object.keys(message.samples)).toContain('usual')
    expect(await import(`../../bot/messages/${name}.ts`)).toHaveProperty('default', message)
  })

  it.each(samples)('%s keeps the rules of the house and of Slack', (_, facts) => {
    const body = drawn(message, facts)
    expect(judge(body, { link: !noLink.includes(name) })).toEqual([])
    expect(checkBlocks(body.blocks as never, 'message')).toEqual([])
  })

  it.each(Object.entries(worlds))(
    'in a world that is %s it still can be sent and orders Slack nothing',
    (world, change) => {
      for (const [, facts] of samples) {
        const changed = message.facts.safeParse(inWorld(facts, change))
        if (!changed.success) continue
        const body = drawn(message, changed.data)
        const soft = /Title Case|emoji|full stop/
        expect(
          judge(body, { link: !noLink.includes(name) }).filter((problem) => !soft.test(problem) && world !== 'empty'),
        ).toEqual([])
        const text = [body.text, ...mrkdwnOf(body.blocks)].join('\n')
        expect(text).not.toMatch(/<!(channel|here|everyone)/)
        expect(text).not.toContain('<http://evil')
      }
    },
  )

  if (message.kind === 'card' && message.over)
    it('has no buttons once it is over', () => {
      for (const [, facts] of samples)
        if (message.over!(facts))
          expect(drawn(message, facts).blocks.filter((block) => block.type === 'actions')).toEqual([])
    })
})

it('labels of fields are words of people too: the properties of an environment', () => {
  const card = messages.find(({ name }) => name === 'environment-card')!
  const facts = { ...(card.samples['usual'] as object), properties: [[hostile, 'x']] }
  const text = mrkdwnOf(drawn(card, facts).blocks).join('\n')
  expect(text).not.toMatch(/<!channel>|<http:/)
})

it('kinds of recommendation that are not listed are counted', () => {
  const message = messages.find(({ name }) => name === 'recommendations')!
  const [kind] = (message.samples['usual'] as { kinds: object[] }).kinds
  const facts = { ...(message.samples['usual'] as object), kinds: Array.from({ length: 9 }, () => kind) }
  expect(mrkdwnOf(drawn(message, facts).blocks).join('\n')).toContain('3 more kinds on the page')
})

it('a pool whose limit was taken away has none, and is not inside of nothing', () => {
  const message = messages.find(({ name }) => name === 'pool-alert')!
  const facts = { ...(message.samples['usual'] as object), state: 'ok', limit: '0', passesOn: null }
  const { text, blocks } = drawn(message, facts)
  expect(text).toMatch(/^Data platform has no limit: \$18,940 used/)
  expect(mrkdwnOf(blocks).join('\n')).not.toMatch(/\$0/)
})
