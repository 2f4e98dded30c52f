/** What the page knows, and how it talks to the server. */

export const state = {
  user: '',
  team: {},
  app: {},
  people: [],
  channels: [],
  commands: [],
  shortcuts: [],
  direct: '',
  unread: {},
  views: [],
  home: null,
  /** The open conversation, or `app` for the bot's own place. */
  channel: '',
  tab: 'home',
  thread: null,
  messages: [],
}

export const me = () => state.people.find((person) => person.id === state.user)
export const personBy = (id) => state.people.find((person) => person.id === id)
export const isBot = (id) => id === state.app.userId

/** A user's name as others see it. */
export function nameOf(id) {
  if (isBot(id)) return state.app.name
  return id === 'USLACKBOT' ? 'Sandbox' : (personBy(id)?.realName ?? id)
}

export async function load(path, query = {}) {
  const search = new URLSearchParams({ as: state.user, ...query })
  const response = await fetch(`${path}?${search}`)
  if (!response.ok) throw new Error(`The chat page got status ${response.status} for ${path}.`)
  return response.json()
}

/** Posts one act of the person; the answer is what the workspace said. */
export async function act(verb, body = {}) {
  const response = await fetch(`act/${verb}?as=${state.user}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`The chat page got status ${response.status} for “${verb}”.`)
  return response.json()
}

/** Follows live changes; `ready` resolves when the line stands. The browser reconnects by itself, and then everything is read again. */
export function follow(heard, again) {
  const source = new EventSource(`events?as=${state.user}`)
  const ready = new Promise((stands) => {
    let before = false
    source.addEventListener('message', (event) => {
      const change = JSON.parse(event.data)
      if (change.kind !== 'hello') return heard(change)
      if (before) again()
      before = true
      stands()
    })
  })
  return { ready, stop: () => source.close() }
}

/** The id of the open conversation; the app's place is the person's direct conversation with it. */
export const conversationId = () => (state.channel === 'app' ? state.direct : state.channel)

export function placeName() {
  if (state.channel === 'app') return state.app.name
  return `#${state.channels.find((each) => each.id === state.channel)?.name}`
}

/** True when the messages of the open place are on the screen, not the app's home tab. */
export const showsMessages = () => state.channel !== 'app' || state.tab === 'messages'
