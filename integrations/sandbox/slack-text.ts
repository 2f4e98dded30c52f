import { type BotApp, type Channel, type Person } from './slack-workspace.ts'

interface Names {
  app: BotApp
  people: Person[]
  channels: Channel[]
}

/** Turns what a person typed into what Slack transmits: `@Lea` → `<@U0LEA>`, `#payments` → `<#C0…|payments>`, links in `<>`. */
export function slackText(typed: string, names: Names): string {
  return typed
    .split(/(<[^>\n]+>|`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : encode(part, names)))
    .join('')
}

/** The same for slash commands, where people arrive as `<@U0LEA|lea>` because the manifest asks for escaping. */
export function commandText(typed: string, names: Names): string {
  const handles = new Map(names.people.map((person) => [person.id, person.name]))
  return slackText(typed, names).replace(/<@([A-Z0-9]+)>/g, (whole, id: string) =>
    handles.has(id) ? `<@${id}|${handles.get(id)}>` : whole,
  )
}

/** True when the transmitted text mentions this user. */
export function mentions(text: string, userId: string): boolean {
  return new RegExp(`<@${userId}(\\|[^>]*)?>`).test(text)
}

/** The links of a transmitted text with their domains. */
export function linksIn(text: string): { url: string; domain: string }[] {
  return [...text.matchAll(/<(https?:\/\/[^|>]+)(?:\|[^>]*)?>/g)].map(([, url = '']) => ({
    url: url.replaceAll('&amp;', '&'),
    domain: new URL(url).hostname,
  }))
}

function encode(part: string, { app, people, channels }: Names): string {
  const escaped = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const who = [
    ...people.map(({ id, name, realName }) => ({ id, names: [name, realName, realName.split(' ')[0] ?? name] })),
    { id: app.userId, names: [app.handle, app.name] },
  ]
  const longest = who
    .flatMap(({ id, names }) => names.map((name) => ({ id, name })))
    .toSorted((a, b) => b.name.length - a.name.length)
  return longest
    .reduce((text, { id, name }) => text.replace(new RegExp(`(^|[\\s(])@${name}\\b`, 'gi'), `$1<@${id}>`), escaped)
    .replace(/(^|[\s(])#([a-z0-9_-]+)\b/g, (whole, before: string, name: string) => {
      const channel = channels.find((each) => each.name === name)
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole
    })
    .replace(/(^|[\s(])(https?:\/\/[^\s)]+)/g, '$1<$2>')
}
