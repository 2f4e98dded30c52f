import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { chatActs } from './chat-acts.ts'
import { chatShell } from './chat-shell.ts'
import { type ChatChange, type Json, type Workspace } from './workspace.ts'

/** Everything comes from this server; pictures in messages may come from the web. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; base-uri 'self'; form-action 'none'"
/** Messages a conversation opens with. */
const shown = 400
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' }
const assets = new Map(readdirSync(import.meta.dirname).map((name) => [name, extname(name)]))

/**
 * The chat page of the stand-in: a small Slack-like client over `workspace`. Mount it anywhere; it acts as whichever
 * person `as` names, so it belongs only on a machine where everyone may be everyone.
 */
export function createChatPage(workspace: Workspace): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      c.header('content-security-policy', policy)
      c.header('x-content-type-options', 'nosniff')
    })
    .get('/', (c) => c.html(chatShell(workspace, c.req.path.replace(/\/$/, ''))))
    .get('/assets/:name', (c) => asset(c))
    .get('/files/:id/:name', (c) => file(c, workspace))
    .get('/data/workspace', (c) => c.json(overview(workspace, reader(c, workspace))))
    .get('/data/conversation', (c) =>
      c.json({ messages: workspace.conversation(reader(c, workspace), c.req.query('channel') ?? '').slice(-shown) }),
    )
    .get('/events', (c) => events(c, workspace))
    .post('/act/:verb', async (c) => {
      // A JSON body cannot be sent from another site without asking first.
      if (!(c.req.header('content-type') ?? '').startsWith('application/json')) return c.text('JSON, please', 415)
      const verb = c.req.param('verb')
      const act = Object.hasOwn(chatActs, verb) ? chatActs[verb] : undefined
      if (!act) return c.notFound()
      const body = await c.req.json<Json>()
      return c.json((await act(workspace, { ...body, user: reader(c, workspace) })) ?? {})
    })
}

/** The person the page acts as. */
function reader(c: Context, { people }: Workspace): string {
  const asked = c.req.query('as')
  return people.find((person) => person.id === asked)?.id ?? people[0]?.id ?? ''
}

function asset(c: Context) {
  const name = c.req.param('name') ?? ''
  const type = types[assets.get(name) ?? '']
  if (!type) return c.notFound()
  const text = readFileSync(join(import.meta.dirname, name), 'utf8')
  return c.body(text, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' })
}

function file(c: Context, workspace: Workspace) {
  const found = workspace.file(c.req.param('id') ?? '')
  if (!found) return c.notFound()
  // Only pictures are shown in place; anything else a bot uploads is offered as a download.
  const shown = /^image\/(png|jpeg|gif|webp)$/.test(found.mimetype)
  return c.body(Buffer.from(found.bytes), 200, {
    'content-type': shown ? found.mimetype : 'application/octet-stream',
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(found.name)}`,
  })
}

/** What the page needs to start: who and where, what is unread, open modals and the home tab. */
function overview(workspace: Workspace, user: string) {
  const { team, app, people, channels, commands, shortcuts } = workspace
  const direct = workspace.directChannel(user)
  const mine = channels.filter((channel) => channel.members.includes(user))
  return {
    team,
    app,
    people,
    channels: mine,
    commands,
    shortcuts,
    user,
    direct,
    unread: unread(workspace, user),
    views: workspace.views(user),
    home: workspace.home(user) ?? null,
  }
}

/** How many messages of others each conversation has after the last one this person saw. */
function unread(workspace: Workspace, user: string): Record<string, number> {
  const places = [...workspace.channels.map((channel) => channel.id), workspace.directChannel(user)]
  const reads = workspace.reads(user)
  return Object.fromEntries(
    places.map((channel) => {
      const messages = workspace.conversation(user, channel)
      const seen = messages.findIndex((message) => message.ts === reads[channel])
      return [channel, messages.slice(seen + 1).filter((message) => message.user !== user).length]
    }),
  )
}

/** Live changes as this person may see them. */
function events(c: Context, workspace: Workspace) {
  const user = reader(c, workspace)
  const direct = workspace.directChannel(user)
  const visible = (change: ChatChange) => {
    if (change.kind === 'call') return false
    if (change.kind === 'view' || change.kind === 'home' || change.kind === 'read') return change.user === user
    if (change.channel.startsWith('D') && change.channel !== direct) return false
    const to = change.kind === 'message' ? change.message.to : change.to
    return !to || to === user
  }
  const complete = (change: ChatChange) => {
    if (change.kind === 'view') return { ...change, views: workspace.views(user) }
    if (change.kind === 'home') return { ...change, home: workspace.home(user) ?? null }
    return change.kind === 'read' ? { ...change, unread: unread(workspace, user) } : change
  }
  return streamSSE(c, async (stream) => {
    const unsubscribe = workspace.subscribe((change) => {
      if (visible(change)) void stream.writeSSE({ data: JSON.stringify(complete(change)) })
    })
    stream.onAbort(unsubscribe)
    await stream.writeSSE({ data: JSON.stringify({ kind: 'hello' }) })
    while (!stream.aborted) {
      await stream.sleep(20_000)
      await stream.writeSSE({ event: 'ping', data: '' })
    }
  })
}
