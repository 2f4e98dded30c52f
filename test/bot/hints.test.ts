/** What the chat page offers while one types: whole lines, so that a half-typed verb finds its command. */
import { describe, expect, it } from 'vitest'
import { commands } from '../../bot/commands/catalog.ts'
import { hints } from '../../bot/hints.ts'
import { manifest } from '../../bot/manifest.ts'

const rows = hints().commands
const doors = manifest().features!.slash_commands!.map(({ command }) => command)

describe('the hints', () => {
  it('name every command once, in full: a door of the manifest and the verb', () => {
    const lines = rows.map(({ command }) => command)
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines).toEqual(expect.arrayContaining(['/finops', '/env', '/cost', '/finops cost', '/env book']))
    expect(lines.filter((line) => !doors.includes(line.split(' ')[0]!))).toEqual([])
    const missing = commands.filter(({ verb }) => !lines.some((line) => line.split(/[ /]/).includes(verb)))
    expect(missing.map(({ verb }) => verb)).toEqual([])
  })

  it('explain each, and its examples go on from what is typed', () => {
    for (const { command, about, examples } of rows) {
      expect(about, command).not.toBe('')
      for (const line of examples) expect(line === command || line.startsWith(`${command} `), line).toBe(true)
    }
    expect(rows.find(({ command }) => command === '/finops cost')!.examples[0]).toMatch(/^\/finops cost/)
    expect(rows.find(({ command }) => command === '/env')!.examples).toContain('/env free')
  })
})
