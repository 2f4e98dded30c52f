import { type Choose } from './slack-acts.ts'
import { type Postmark } from './slack-delivery.ts'
import { elementsOf, type Found, findElement, isEmpty, stateOf } from './slack-elements.ts'
import { common, type PayloadDeps } from './slack-payloads.ts'
import { type SlackView } from './slack-store.ts'
import { type Views } from './slack-views.ts'
import { asText, type Json } from './slack-workspace.ts'

export interface Submission {
  user: string
  view?: SlackView | string
  values?: Json
  entries?: { blockId: string; actionId: string; value: unknown }[]
}

/** Submitting and closing modals. */
export function createModals(deps: PayloadDeps, choose: Choose) {
  const { store, views, deliver } = deps

  /**
   * Submits the top modal. `values` are keyed by action id or block id, `entries` name both. Like Slack's client it
   * does not send a form with a required field empty: then `errors` says so and there is no delivery.
   */
  async function submit(input: Submission, mark?: Postmark) {
    const { user, values = {}, entries = [] } = input
    const view = topView(views, user, input.view)
    const named = Object.entries(values).map(([name, value]) => ({ found: fieldNamed(view, name), value }))
    const exact = entries.map((entry) => ({ found: findElement(view.blocks, entry), value: entry.value }))
    for (const { found, value } of [...named, ...exact]) {
      const ids = { blockId: asText(found.block['block_id']), actionId: asText(found.element['action_id']) }
      const state = stateOf(found.element, await choose({ user, view, ...ids, value }, found))
      views.enter(view, { ...ids, state })
    }
    const missing = missingFields(view)
    if (Object.keys(missing).length > 0) return { errors: missing }
    const response_urls = responseUrls(deps, user, view)
    const payload = { type: 'view_submission', ...common(deps, user), view, response_urls }
    const delivery = await deliver('interactive', payload, mark)
    return { delivery, ...(delivery.acked ? applyAction(deps, { user, view, body: delivery.body }) : {}) }
  }

  /** Closes the top modal, or with `clear` the whole stack; tells the bot when the view asked to be told. */
  async function closeView(input: { user: string; view?: SlackView | string; clear?: boolean }) {
    const { user, clear = false } = input
    const view = topView(views, user, input.view)
    const rest = views.stackOf(user).filter((each) => each.id !== view.id)
    store.setStack(user, clear || view.clear_on_close ? [] : rest)
    if (!view.notify_on_close) return undefined
    return deliver('interactive', { type: 'view_closed', ...common(deps, user), view, is_cleared: clear })
  }

  return { submit, closeView }
}

function topView(views: Views, user: string, view?: SlackView | string): SlackView {
  const id = typeof view === 'string' ? view : view?.id
  const found = id ? views.stackOf(user).find((each) => each.id === id) : views.stackOf(user).at(-1)
  if (!found) throw new Error(`${user} has no open modal${id ? ` ${id}` : ''}.`)
  return found
}

/** Does what the answer to a submission asks: show errors, replace, push, clear; without an answer the view closes. */
function applyAction(deps: PayloadDeps, done: { user: string; view: SlackView; body: Json | string | null }) {
  const { store, views } = deps
  const { user, view, body } = done
  const action = typeof body === 'object' && body ? body : {}
  const given = action['view'] as Json | undefined
  if (action['response_action'] === 'errors') return { errors: action['errors'] as Record<string, string> }
  if (action['response_action'] === 'clear') store.setStack(user, [])
  else if (!given)
    store.setStack(
      user,
      views.stackOf(user).filter((each) => each.id !== view.id),
    )
  else {
    const refused = views.judge(given)
    if (refused) return { refused }
    if (action['response_action'] === 'update') views.replace(user, view, given)
    else views.place(user, given, views.stackOf(user))
  }
  return {}
}

/** Slack hands out an address for every conversation chosen in a field that asks for one. */
function responseUrls({ responses }: PayloadDeps, user: string, view: SlackView): Json[] {
  return view.blocks.flatMap((block) => {
    const element = (block['element'] ?? {}) as Json
    const [block_id, action_id] = [asText(block['block_id']), asText(element['action_id'])]
    const state = view.state.values[block_id]?.[action_id]
    const chosen = state?.['selected_conversation'] ?? state?.['selected_channel']
    if (element['response_url_enabled'] !== true || typeof chosen !== 'string') return []
    return [{ block_id, action_id, channel_id: chosen, response_url: responses.url({ user, channel: chosen }) }]
  })
}

/** The field called by action id, else by block id. */
function fieldNamed(view: SlackView, name: string): Found {
  const isBlock = view.blocks.some((block) => block['block_id'] === name)
  const isAction = elementsOf(view.blocks).some(({ element }) => element['action_id'] === name)
  return findElement(view.blocks, isBlock && !isAction ? { blockId: name } : { actionId: name })
}

function missingFields(view: SlackView): Record<string, string> {
  const missing: Record<string, string> = {}
  for (const block of view.blocks) {
    if (block['type'] !== 'input') continue
    const id = asText(block['block_id'])
    const element = block['element'] as Json
    const state = view.state.values[id]?.[asText(element['action_id'])]
    const problem = isEmpty(state)
      ? block['optional'] === true
        ? undefined
        : 'Please complete this required field.'
      : wrongText(element, state?.['value'])
    if (problem) missing[id] = problem
  }
  return missing
}

/** The checks Slack's client makes on typed text before it sends a form. */
function wrongText(element: Json, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const { type, min_length: least, max_length: most, min_value: low, max_value: high } = element
  if (type === 'number_input') {
    const number = Number(value)
    if (!Number.isFinite(number)) return 'Please enter a number.'
    if (element['is_decimal_allowed'] !== true && !Number.isInteger(number)) return 'Please enter a whole number.'
    if (low !== undefined && number < Number(low)) return `Please enter a number of at least ${Number(low)}.`
    if (high !== undefined && number > Number(high)) return `Please enter a number of at most ${Number(high)}.`
  }
  if (type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value)) return 'Please enter an email address.'
  if (type === 'url_text_input' && !URL.canParse(value)) return 'Please enter a link.'
  if (typeof least === 'number' && value.length < least) return `Please enter at least ${least} characters.`
  return typeof most === 'number' && value.length > most ? `Please enter at most ${most} characters.` : undefined
}
