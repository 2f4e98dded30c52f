import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../bot/commands/catalog.ts'
import { events } from '../../bot/events/catalog.ts'
import { manifest, manifestText, placeholderUrl, type Manifest } from '../../bot/manifest.ts'
import { shortcuts } from '../../bot/shortcuts/catalog.ts'

const root = resolve(import.meta.dirname, '../..')
const made: Manifest = manifest()
const slash = made.features!.slash_commands!
/** Slack's own lists of words, from the types of its package: what is not in them is refused at the door. */
const slackWords = readFileSync(join(root, 'node_modules/@slack/web-api/dist/types/request/manifest.d.ts'), 'utf8')
const listed = (type: string) =>
  [...slackWords.match(new RegExp(`type ${type} = ([^;]+);`))![1]!.matchAll(/'([^']+)'/g)].map(([, word]) => word)

describe('the manifest', () => {
  it('is written as the catalogs say (run npm run fix)', () => {
    expect(readFileSync(join(root, 'manifest.json'), 'utf8')).toBe(manifestText())
  })

  it('has every door of the commands with its own usage as hint', () => {
    const doors = new Set(commands.map(({ door }) => `/${door ?? 'finops'}`))
    expect(new Set(slash.map(({ command }) => command))).toEqual(doors)
    const usage = commands.find(({ verb }) => verb === 'cost')!.usage
    expect(slash.find(({ command }) => command === '/cost')!.usage_hint).toContain(usage)
  })

  it('names only events and scopes Slack knows', () => {
    expect(listed('ManifestEvent')).toEqual(expect.arrayContaining(made.settings!.event_subscriptions!.bot_events!))
    const { bot, bot_optional: optional } = made.oauth_config!.scopes!
    expect(listed('BotScope')).toEqual(expect.arrayContaining([...bot!, ...optional!]))
    expect(bot!.filter((scope) => optional!.includes(scope))).toEqual([])
  })

  it('subscribes to every event that has a listener, and asks for what it needs', () => {
    const { bot_events: subscribed } = made.settings!.event_subscriptions!
    expect(subscribed).toEqual(expect.arrayContaining(['app_home_opened', 'link_shared', 'message.im', 'app_mention']))
    expect(subscribed).toHaveLength(events.length)
    expect(made.oauth_config!.scopes!.bot).toEqual(expect.arrayContaining(events.flatMap(({ scopes }) => scopes)))
  })

  it('keeps the lengths Slack takes', () => {
    expect(made.display_information.name.length).toBeLessThanOrEqual(35)
    expect(made.display_information.description!.length).toBeLessThanOrEqual(140)
    expect(slash.length).toBeLessThanOrEqual(50)
    expect(shortcuts.length).toBeLessThanOrEqual(10)
    for (const { command, usage_hint: hint, description } of slash) {
      expect(command.length).toBeLessThanOrEqual(32)
      expect(hint!.length).toBeLessThanOrEqual(1000)
      expect(description.length).toBeLessThanOrEqual(2000)
    }
    for (const { name } of made.features!.shortcuts!) expect(name.length).toBeLessThanOrEqual(24)
  })

  it('sends everything to one address, which is easy to replace', () => {
    const text = JSON.stringify(manifest('https://costs.acme.test'))
    expect(text).not.toContain(new URL(placeholderUrl).hostname)
    expect(new Set(text.match(/https:\/\/[^"]+/g))).toEqual(new Set(['https://costs.acme.test/slack/events']))
  })
})
