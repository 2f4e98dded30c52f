/** What all commands, buttons, dialogs, shortcuts and events promise. */
import { describe, expect, it } from 'vitest'
import { actions } from '../../bot/actions/catalog.ts'
import { commands } from '../../bot/commands/catalog.ts'
import { canonical, parse, wordsOf } from '../../bot/grammar.ts'
import { events } from '../../bot/events/catalog.ts'
import { messages } from '../../bot/messages/catalog.ts'
import { draw, frameOf } from '../../bot/messages/message.ts'
import { modals } from '../../bot/modals/catalog.ts'
import { shortcuts } from '../../bot/shortcuts/catalog.ts'
import { parseClick } from '../../bot/controls.ts'

const at = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' }

describe.each(commands.map((command) => [command.verb, command] as const))('command %s', (verb, command) => {
  it('has examples that begin with it and parse', () => {
    expect(command.examples.length).toBeGreaterThan(0)
    for (const example of command.examples) {
      const words = wordsOf(example)
      const own = words.findIndex(({ text }) => text === verb)
      expect(own >= 0 || command.claims !== undefined, example).toBe(true)
      const parsed = parse(command.takes, words.slice(own + 1), at)
      expect(parsed.ok ? 'ok' : parsed.why, example).toBe('ok')
    }
  })

  it('writes every example so that it reads the same again', () => {
    for (const example of command.examples) {
      const first = parse(
        command.takes,
        wordsOf(example).slice(wordsOf(example).findIndex(({ text }) => text === verb) + 1),
        at,
      )
      if (!first.ok) continue
      const written = canonical(command, first.input, at.zone)
      const second = parse(command.takes, wordsOf(written).slice(1), at)
      expect(second, `${example} → ${written}`).toEqual(first)
    }
  })

  it('is a file of its name', async () => {
    expect((await import(`../../bot/commands/${verb}.ts`)).default).toBe(command)
  })
})

describe('catalogs', () => {
  it('have unique verbs and aliases', () => {
    const names = commands.flatMap(({ verb, aliases = [] }) => [verb, ...aliases])
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([])
  })

  it('name every item after its file', async () => {
    for (const { verb } of actions) expect((await import(`../../bot/actions/${verb}.ts`)).default.verb).toBe(verb)
    for (const { name } of modals) expect((await import(`../../bot/modals/${name}.ts`)).default.name).toBe(name)
    for (const { name } of shortcuts) expect((await import(`../../bot/shortcuts/${name}.ts`)).default.name).toBe(name)
    for (const { name } of events)
      expect((await import(`../../bot/events/${name.replaceAll('_', '-')}.ts`)).default.name).toBe(name)
  })

  it('have a file behind every button of every message', () => {
    const frame = frameOf({ publicUrl: 'https://f.example.com', currency: 'USD' }, { question: 'q1', command: 'help' })
    const known = new Set(actions.map(({ verb }) => verb))
    const missing = messages.flatMap((message) =>
      Object.values(message.samples).flatMap((facts) =>
        (JSON.stringify(draw(message, facts, { frame }).blocks).match(/v1\|[^"]*/g) ?? []).flatMap((value) => {
          const click = parseClick(value)
          return click && known.has(click.verb) ? [] : [`${message.name}: ${value}`]
        }),
      ),
    )
    expect(missing).toEqual([])
  })

  it('dialogs and shortcuts fit Slack', () => {
    for (const { title, submit } of modals) expect(Math.max(title.length, submit?.length ?? 0)).toBeLessThanOrEqual(24)
    for (const { title } of shortcuts) expect(title.length).toBeLessThanOrEqual(24)
  })
})
