import { randomUUID } from 'node:crypto'
import { carryValues, initialValues } from './slack-elements.ts'
import { checkView } from './slack-limits.ts'
import { type SlackView, type Store } from './slack-store.ts'
import { type BotApp, type Json, type Person, type Team } from './slack-workspace.ts'

/** How long a trigger can open a modal, in milliseconds. Slack: three seconds, one use. */
const triggerLife = 3000
const stackLimit = 3
const sizeLimit = 250_000

export interface ViewsDeps {
  store: Store
  team: Team
  app: BotApp
  people: Person[]
  now: () => number
}

export type Views = ReturnType<typeof createViews>

/**
 * The modals and home tabs of every person, with Slack's rules: triggers live three seconds and work once, a stack
 * holds three views, an update with an old hash is a `hash_conflict`, and what a person typed survives an update.
 */
export function createViews({ store, team, app, people, now }: ViewsDeps) {
  const triggers = new Map<string, { user: string; at: number; used: boolean }>()
  const stackOf = (user: string) => store.stacks.get(user) ?? []
  const hasFile = (id: string) => id in store.files
  let revision = 0

  function spend(args: Json): string | Json {
    const trigger = triggers.get(String(args['trigger_id'] ?? args['interactivity_pointer']))
    if (!trigger) return refuse('invalid_trigger_id')
    if (trigger.used) return refuse('exchanged_trigger_id')
    if (now() - trigger.at > triggerLife) return refuse('expired_trigger_id')
    trigger.used = true
    return trigger.user
  }

  function build(given: Json, placed: Partial<SlackView> & { id: string }): SlackView {
    const blocks = withBlockIds(given['blocks'])
    const filled = placed.state ? carryValues(blocks, placed.state.values) : initialValues(blocks)
    return {
      team_id: team.id,
      type: given['type'] === 'home' ? 'home' : 'modal',
      callback_id: String(given['callback_id'] ?? ''),
      external_id: String(given['external_id'] ?? ''),
      private_metadata: String(given['private_metadata'] ?? ''),
      title: (given['title'] as Json) ?? null,
      submit: (given['submit'] as Json) ?? null,
      close: (given['close'] as Json) ?? null,
      clear_on_close: given['clear_on_close'] === true,
      notify_on_close: given['notify_on_close'] === true,
      root_view_id: placed.id,
      previous_view_id: null,
      app_id: app.appId,
      bot_id: app.botId,
      ...placed,
      blocks,
      state: { values: filled },
      hash: `${Math.floor(now() / 1000)}.${(++revision).toString(36).padStart(8, '0')}`,
    }
  }

  function judge(given: Json | undefined): Json | undefined {
    if (!given) return refuse('invalid_arguments', ['[ERROR] missing required field: view'])
    if (JSON.stringify(given).length > sizeLimit) return refuse('view_too_large')
    const problems = checkView(given, hasFile)
    const external = given['external_id']
    if (external && all().some((view) => view.external_id === external)) return refuse('duplicate_external_id')
    return problems.length > 0 ? refuse('invalid_arguments', problems) : undefined
  }

  function all() {
    return [...store.stacks.values()].flat()
  }

  function place(user: string, given: Json, stack: SlackView[]) {
    const below = stack.at(-1)
    const id = newId('V')
    const view = build(given, {
      id,
      root_view_id: below?.root_view_id ?? id,
      previous_view_id: below?.id ?? null,
    })
    store.setStack(user, [...stack, view])
    return { ok: true, view }
  }

  function replace(user: string, old: SlackView, given: Json) {
    const { id, root_view_id, previous_view_id, state } = old
    const view = build({ ...given, type: old.type }, { id, root_view_id, previous_view_id, state })
    store.setStack(
      user,
      stackOf(user).map((each) => (each.id === id ? view : each)),
    )
    return { ok: true, view }
  }

  const methods: Record<string, (args: Json) => Json> = {
    'views.open'(args) {
      const bad = judge(args['view'] as Json)
      if (bad) return bad
      const user = spend(args)
      return typeof user === 'string' ? place(user, args['view'] as Json, []) : user
    },
    'views.push'(args) {
      const bad = judge(args['view'] as Json)
      if (bad) return bad
      const user = spend(args)
      if (typeof user !== 'string') return user
      const stack = stackOf(user)
      if (stack.length === 0) return refuse('not_found')
      return stack.length >= stackLimit ? refuse('push_limit_reached') : place(user, args['view'] as Json, stack)
    },
    'views.update'(args) {
      const { view_id: id, external_id: external, hash } = args
      const user = [...store.stacks.keys()].find((each) =>
        stackOf(each).some((view) => view.id === id || (external && view.external_id === external)),
      )
      const old = user && stackOf(user).find((view) => view.id === id || (external && view.external_id === external))
      if (!user || !old) return refuse('not_found')
      if (hash && hash !== old.hash) return refuse('hash_conflict')
      const given = { ...(args['view'] as Json), external_id: undefined }
      return judge(given) ?? replace(user, old, { ...given, external_id: old.external_id })
    },
    'views.publish'(args) {
      const user = String(args['user_id'])
      if (!people.some((person) => person.id === user)) return refuse('user_not_found')
      const old = store.homes[user]
      if (old && args['hash'] && args['hash'] !== old.hash) return refuse('hash_conflict')
      const given = { ...(args['view'] as Json), type: 'home' }
      const bad = judge(given)
      if (bad) return bad
      const view = build(given, { id: old?.id ?? newId('V') })
      store.setHome(user, view)
      return { ok: true, view }
    },
  }

  return {
    methods,
    stackOf,
    place,
    replace,
    judge,
    /** A fresh trigger for this person; Slack puts one into every command and interaction. */
    trigger(user: string) {
      const id = `${now()}.${triggers.size}.${randomUUID().replaceAll('-', '')}`
      triggers.set(id, { user, at: now(), used: false })
      return id
    },
    /** Finds a view of this person by id, home tab included. */
    find: (user: string, id: string) =>
      [...stackOf(user), ...(store.homes[user] ? [store.homes[user]] : [])].find((view) => view.id === id),
    /** Notes what a person entered. */
    enter(user: string, place: { view: SlackView; blockId: string; actionId: string; state: Json }) {
      const { view, blockId, actionId, state } = place
      ;(view.state.values[blockId] ??= {})[actionId] = state
      if (view.type === 'home') store.homes[user] = view
    },
  }
}

/** Slack's answer for a refused call. */
export function refuse(error: string, messages?: string[]): Json {
  return { ok: false, error, ...(messages ? { response_metadata: { messages } } : {}) }
}

/** Gives every block an id, as Slack does when the app did not. */
export function withBlockIds(blocks: unknown): Json[] {
  return (Array.isArray(blocks) ? (blocks as Json[]) : []).map((block) => ({
    ...block,
    block_id: block['block_id'] ?? randomUUID().slice(0, 5),
  }))
}

export function newId(letter: string): string {
  return letter + randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()
}
