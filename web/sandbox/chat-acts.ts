import { type ElementTarget, type Json, type Workspace } from './workspace.ts'

/** A request of the page; `user` is set by the server. */
type Asked = Json & { user: string }
type Act = (workspace: Workspace, asked: Asked) => Promise<object | undefined> | undefined

/** What the page can do, by the name it posts to. Each hands over to the workspace; nothing is decided here. */
export const chatActs: Record<string, Act> = {
  command: (workspace, { user, channel, line }) => {
    const [, command = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(words(line)) ?? []
    return workspace.command({ user, channel: words(channel), command, text })
  },
  say: (workspace, { user, channel, text, thread }) => {
    const place = { user, channel: words(channel), text: words(text) }
    return workspace.say(thread ? { ...place, thread_ts: words(thread) } : place)
  },
  click: (workspace, asked) => workspace.click(target(asked)),
  suggest: (workspace, asked) => workspace.suggest({ ...target(asked), query: words(asked['query']) }),
  submit: (workspace, { user, view, entries }) =>
    workspace.submit({ user, view: words(view), entries: entries as Parameters<Workspace['submit']>[0]['entries'] }),
  close: (workspace, { user, view, clear }) => workspace.closeView({ user, view: words(view), clear: clear === true }),
  home: (workspace, { user, tab }) => workspace.openHome({ user, tab: tab === 'messages' ? 'messages' : 'home' }),
  shortcut: (workspace, { user, callbackId, message }) => {
    const chosen = { user, callbackId: words(callbackId) }
    return workspace.shortcut(message ? { ...chosen, message: place(message) } : chosen)
  },
  react: (workspace, { user, message, name }) => workspace.react({ user, message: place(message), name: words(name) }),
  dismiss: (workspace, { user, channel, ts }) => {
    workspace.dismiss(user, words(channel), words(ts))
    return undefined
  },
  read: (workspace, { user, channel, ts }) => {
    workspace.markRead(user, words(channel), words(ts))
    return undefined
  },
}

function target(asked: Asked): ElementTarget {
  const { user, message, view, blockId, actionId, value } = asked
  return {
    user,
    blockId: words(blockId),
    actionId: words(actionId),
    ...(message ? { message: place(message) } : {}),
    ...(view ? { view: words(view) } : {}),
    ...(value === undefined ? {} : { value }),
  }
}

function place(value: unknown): { channel: string; ts: string } {
  const { channel, ts } = (value ?? {}) as Json
  return { channel: words(channel), ts: words(ts) }
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
