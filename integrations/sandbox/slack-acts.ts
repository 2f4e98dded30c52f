import { type Delivery, type Postmark } from './slack-delivery.ts'
import { actionOf, carryValues, type Found, findElement, stateOf } from './slack-elements.ts'
import { common, contextOf, type PayloadDeps, type Place, placeOf, type Target } from './slack-payloads.ts'
import { type ViewValues } from './slack-store.ts'
import { asList, asText, type Json } from './slack-workspace.ts'

/** Turns what a person chose into what the element's state holds. */
export type Choose = (target: Target, found: Found) => Promise<unknown>

/** Clicking, choosing and typing on the elements of messages and views. */
export function createActs(deps: PayloadDeps) {
  const { deliver } = deps
  const suggested = new Map<string, Json[]>()
  const { placed, enter } = createPlaces(deps)

  /**
   * Acts on one element. Its state is noted, and Slack's `block_actions` goes out where Slack would send one; an input
   * without `dispatch_action` only keeps the value, then there is no delivery.
   */
  async function click(target: Target, mark?: Postmark): Promise<Delivery | undefined> {
    const place = placed(target)
    const found = findElement(place.blocks, target)
    const { element, block } = found
    const state = element['type'] === 'button' ? undefined : stateOf(element, await choose(target, found))
    if (state) enter(target, place, found, state)
    if (block['type'] === 'input' && block['dispatch_action'] !== true) return undefined
    const payload = { type: 'block_actions', ...surroundings(place, target.user), actions: [actionOf(found, state)] }
    return deliver('interactive', payload, mark)
  }

  /** Types into an external select; answers the options the bot offers. */
  async function suggest(target: Target & { query: string }) {
    const place = placed(target)
    const { block, element } = findElement(place.blocks, target)
    const ids = { action_id: element['action_id'], block_id: block['block_id'], value: target.query }
    const delivery = await deliver('interactive', {
      type: 'block_suggestion',
      ...surroundings(place, target.user),
      ...ids,
    })
    const body = typeof delivery.body === 'object' && delivery.body ? delivery.body : {}
    const grouped = asList(body['option_groups']).flatMap((group) => asList(group['options']))
    const options = [...asList(body['options']), ...grouped]
    suggested.set(memory(target.user, asText(element['action_id'])), options)
    return { delivery, options, groups: asList(body['option_groups']) }
  }

  /** A string for an external select is looked up among the options the bot last suggested, or asked for now. */
  async function choose(target: Target, { element, block }: Found): Promise<unknown> {
    const { value } = target
    if (!asText(element['type']).includes('external') || typeof value !== 'string') return value
    const match = (options: Json[]) =>
      options.find((each) => each['value'] === value || (each['text'] as Json | undefined)?.['text'] === value)
    const known = match(suggested.get(memory(target.user, asText(element['action_id']))) ?? [])
    if (known) return known
    const ids = { actionId: asText(element['action_id']), blockId: asText(block['block_id']) }
    return match((await suggest({ ...target, ...ids, query: value })).options) ?? value
  }

  function surroundings(place: Place, user: string) {
    return { ...common(deps, user), ...contextOf(deps, place, user) }
  }

  return { click, suggest, choose }
}

/** Where people act and what they have entered there. */
function createPlaces(deps: PayloadDeps) {
  // What each person has chosen in a message so far; Slack keeps it in the client and sends all of it with every click.
  const chosen = new Map<string, ViewValues>()

  function placed(target: Target): Place {
    const place = placeOf(deps, target)
    if (!place.message) return place
    return { ...place, state: carryValues(place.blocks, chosen.get(memory(target.user, place.message.ts)) ?? {}) }
  }
  function enter(target: Target, place: Place, { block, element }: Found, state: Json) {
    if (element['type'] === 'overflow') return
    const [blockId, actionId] = [asText(block['block_id']), asText(element['action_id'])]
    if (place.view) deps.views.enter(place.view, { blockId, actionId, state })
    if (!place.message || !place.state) return
    ;(place.state[blockId] ??= {})[actionId] = state
    chosen.set(memory(target.user, place.message.ts), place.state)
  }

  return { placed, enter }
}

function memory(user: string, thing: string) {
  return `${user} ${thing}`
}
