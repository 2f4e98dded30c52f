import { randomUUID } from 'node:crypto'
import { carryValues, initialValues } from './slack-elements.ts'
import { checkView } from './slack-limits.ts'
import { type SlackView, type Store } from './slack-store.ts'
import { asText, type BotApp, type Json, type Person, type Team } from './slack-workspace.ts'

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
export function createViews(deps: ViewsDeps) {
  const { store } = deps
  const triggers = createTriggers(deps.now)
  const stackOf = (user: string) => store.stacks.get(user) ?? []
  const build = createBuilder(deps)

  /** Why Slack would refuse this view, as its answer; undefined when it is fine. */
  function judge(given: Json | undefined): Json | undefined {
    if (!given) return refuse('invalid_arguments', ['[ERROR] missing required field: view'])
    if (JSON.stringify(given).length > sizeLimit) return refuse('view_too_large')
    const external = given['external_id']
    const taken = [...store.stacks.values()].flat().some((view) => external && view.external_id === external)
    if (taken) return refuse('duplicate_external_id')
    const problems = checkView(given, (id) => id in store.files)
    return problems.length > 0 ? refuse('invalid_arguments', problems) : undefined
  }

  /** Puts a view on top of the given stack. */
  function place(user: string, given: Json, stack: SlackView[]) {
    const below = stack.at(-1)
    const id = newId('V')
    const links = { root_view_id: below?.root_view_id ?? id, previous_view_id: below?.id ?? null }
    const view = build(given, { id, ...links })
    store.setStack(user, [...stack, view])
    return { ok: true, view }
  }

  /** Gives an open view new content; what the person entered stays where the ids stayed. */
  function replace(user: string, old: SlackView, given: Json) {
    const { id, root_view_id, previous_view_id, state } = old
    const view = build({ ...given, type: old.type }, { id, root_view_id, previous_view_id, state })
    const stack = stackOf(user).map((each) => (each.id === id ? view : each))
    store.setStack(user, stack)
    return { ok: true, view }
  }

  /** Finds a view of this person by id, home tab included. */
  function find(user: string, id: string) {
    const home = store.homes[user]
    return [...stackOf(user), ...(home ? [home] : [])].find((view) => view.id === id)
  }

  /** Notes what a person entered. */
  function enter(view: SlackView, entered: { blockId: string; actionId: string; state: Json }) {
    ;(view.state.values[entered.blockId] ??= {})[entered.actionId] = entered.state
  }

  const verbs = { judge, place, replace, stackOf, build }
  return { ...verbs, find, enter, trigger: triggers.give, methods: viewMethods(deps, verbs, triggers.spend) }
}

/** Triggers: one for every command and interaction, good once and for three seconds. */
function createTriggers(now: () => number) {
  const triggers = new Map<string, { user: string; at: number; used: boolean }>()

  function give(user: string) {
    for (const [old, { at }] of triggers) if (now() - at > 60_000) triggers.delete(old)
    const id = `${now()}.${randomUUID().replaceAll('-', '')}`
    triggers.set(id, { user, at: now(), used: false })
    return id
  }
  /** The person behind the trigger, or Slack's refusal. */
  function spend(args: Json): string | Json {
    const trigger = triggers.get(asText(args['trigger_id'] ?? args['interactivity_pointer']))
    if (!trigger) return refuse('invalid_trigger_id')
    if (trigger.used) return refuse('exchanged_trigger_id')
    if (now() - trigger.at > triggerLife) return refuse('expired_trigger_id')
    trigger.used = true
    return trigger.user
  }
  return { give, spend }
}

function createBuilder({ team, app, now }: ViewsDeps) {
  let revision = 0
  return (given: Json, placed: Partial<SlackView> & { id: string }): SlackView => {
    const blocks = withBlockIds(given['blocks'])
    const values = placed.state ? carryValues(blocks, placed.state.values) : initialValues(blocks)
    return {
      team_id: team.id,
      type: given['type'] === 'home' ? 'home' : 'modal',
      callback_id: asText(given['callback_id']),
      external_id: asText(given['external_id']),
      private_metadata: asText(given['private_metadata']),
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
      state: { values },
      hash: `${Math.floor(now() / 1000)}.${(++revision).toString(36).padStart(8, '0')}`,
    }
  }
}

interface Verbs {
  judge: (given: Json | undefined) => Json | undefined
  place: (user: string, given: Json, stack: SlackView[]) => Json
  replace: (user: string, old: SlackView, given: Json) => Json
  stackOf: (user: string) => SlackView[]
  build: ReturnType<typeof createBuilder>
}

function viewMethods({ store, people }: ViewsDeps, verbs: Verbs, spend: (args: Json) => string | Json) {
  const { judge, place, replace, stackOf, build } = verbs
  const given = (args: Json) => args['view'] as Json

  function open(args: Json): Json {
    const bad = judge(given(args))
    if (bad) return bad
    const user = spend(args)
    return typeof user === 'string' ? place(user, given(args), []) : user
  }
  function push(args: Json): Json {
    const bad = judge(given(args))
    if (bad) return bad
    const user = spend(args)
    if (typeof user !== 'string') return user
    const stack = stackOf(user)
    if (stack.length === 0) return refuse('not_found')
    return stack.length >= stackLimit ? refuse('push_limit_reached') : place(user, given(args), stack)
  }
  function update(args: Json): Json {
    const { view_id: id, external_id: external, hash } = args
    const meant = (view: SlackView) => view.id === id || (Boolean(external) && view.external_id === external)
    const user = [...store.stacks.keys()].find((each) => stackOf(each).some(meant))
    const old = user && stackOf(user).find(meant)
    if (!user || !old) return refuse('not_found')
    if (hash && hash !== old.hash) return refuse('hash_conflict')
    const view = { ...given(args), external_id: undefined }
    return judge(view) ?? replace(user, old, { ...view, external_id: old.external_id })
  }
  function publish(args: Json): Json {
    const user = asText(args['user_id'])
    if (!people.some((person) => person.id === user)) return refuse('user_not_found')
    const old = store.homes[user]
    if (old && args['hash'] && args['hash'] !== old.hash) return refuse('hash_conflict')
    const home = { ...given(args), type: 'home' }
    const bad = judge(home)
    if (bad) return bad
    const view = build(home, { id: old?.id ?? newId('V') })
    store.setHome(user, view)
    return { ok: true, view }
  }
  return { 'views.open': open, 'views.push': push, 'views.update': update, 'views.publish': publish }
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

/** A random id in Slack's style: a letter for the kind, then ten signs. */
export function newId(letter: string): string {
  return letter + randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()
}
