/** What the chat page of the sandbox completes and offers: the doors Slack knows, and behind each its verbs with examples. */
import { manual } from './doors.ts'
import type { CommandDoc } from './manual.ts'
import { slashCommands } from './manifest.ts'
import { shortcuts } from './shortcuts/catalog.ts'

type Hint = { command: string; usage: string; about: string; examples: string[] }

/** One row for a door alone, one for every verb as it is typed in full; and the shortcuts of the menus. */
export function hints(): {
  commands: Hint[]
  shortcuts: { callbackId: string; name: string; kind: 'message' | 'global' }[]
} {
  const alone = slashCommands().map(({ command, description }) => {
    const own = manual.find(({ verb }) => `/${verb}` === command)
    return own ? rowOf(own, command) : { command, usage: '', about: description, examples: [] }
  })
  const verbs = manual
    .filter(({ verb }) => verb !== 'env')
    .map((doc) => rowOf(doc, doc.door === 'env' ? `/env ${doc.verb}` : `/finops ${doc.verb}`))
  return {
    commands: [...alone, ...verbs],
    shortcuts: shortcuts.map(({ name, title, kind }) => ({ callbackId: name, name: title, kind })),
  }
}

/** Examples begin with the verb; on the page they begin with what is typed. */
const rowOf = ({ verb, usage, summary, examples }: CommandDoc, command: string): Hint => ({
  ...{ command, usage, about: summary },
  examples: examples
    .filter((line) => line.split(' ')[0] === verb)
    .map((line) => `${command}${line.slice(verb.length)}`),
})
