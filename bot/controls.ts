/**
 * Buttons and menus, and the value they carry: `v1|verb|subject|revision|argument`. Made and parsed here only.
 * No secrets travel in it and nothing in it is trusted: the door checks person, right, revision and receipt.
 */
import type { Button, ConfirmationDialog, Overflow, Select } from '@slack/types'
import { plain } from './blocks.ts'
import { cut } from './rich.ts'

/** What a click means: `verb` is a file in `bot/actions`, `id` the subject, `rev` the revision the person saw. */
export type ClickValue = { verb: string; id?: string; rev?: number; arg?: string }

/** A click as text, at most 150 characters (Slack's limit of an option's value). */
export function clickValue({ verb, id = '-', rev = 0, arg = '' }: ClickValue): string {
  const value = ['v1', verb, id, rev, arg].join('|')
  if (value.length > 150 || [verb, id].some((part) => part.includes('|')))
    throw new Error(`A click value must be short and free of bars: ${verb}`)
  return value
}

/** The click behind a value, or null when it is not one of ours. */
export function parseClick(value: string): Required<ClickValue> | null {
  const [version, verb, id, rev, ...arg] = value.split('|')
  if (version !== 'v1' || !verb || !id || !/^\d+$/.test(rev ?? '')) return null
  return { verb, id, rev: Number(rev), arg: arg.join('|') }
}

export type ConfirmText = { title: string; text: string; yes: string; no: string }

const confirmation = ({ title, text, yes, no }: ConfirmText): ConfirmationDialog => ({
  title: plain(title, 100),
  text: plain(text, 300),
  confirm: plain(yes, 30),
  deny: plain(no, 30),
})

const actionId = ({ verb, arg }: ClickValue) => cut([verb, arg].filter(Boolean).join(':'), 60)

/** A button. Labels are Title Case verbs of 24 characters or fewer; `aria` explains a terse one; one `primary` per message. */
export function button(
  input: ClickValue & { label: string; primary?: boolean; danger?: boolean; aria?: string; confirm?: ConfirmText },
): Button {
  const { label, primary, danger, aria, confirm } = input
  return {
    type: 'button',
    action_id: actionId(input),
    text: plain(label, 24),
    value: clickValue(input),
    ...(primary ? { style: 'primary' as const } : danger ? { style: 'danger' as const } : {}),
    ...(aria ? { accessibility_label: cut(aria, 75) } : {}),
    ...(confirm ? { confirm: confirmation(confirm) } : {}),
  }
}

/** A button that opens an address; Slack tells us about it, and nothing happens then. */
export const linkButton = (label: string, url: string): Button => ({
  type: 'button',
  action_id: `open:${cut(label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), 40)}`,
  text: plain(label, 24),
  url,
})

export type Choice = ClickValue & { label: string }

const option = (choice: Choice) => ({ text: plain(choice.label, 70), value: clickValue(choice) })

/** The "…" menu: rare verbs, at most five. Null when there is nothing in it. */
export function overflow(...choices: (Choice | null | undefined | false)[]): Overflow | null {
  const shown = choices.filter((choice): choice is Choice => Boolean(choice)).slice(0, 5)
  return shown.length ? { type: 'overflow', action_id: `more:${shown[0]!.verb}`, options: shown.map(option) } : null
}

/** A menu whose choice acts at once; `name` tells menus of one message apart. At most 50 choices, more need a type-ahead. */
export function menu(input: { name: string; placeholder: string; choices: Choice[]; chosen?: string }): Select {
  const options = input.choices.slice(0, 50).map(option)
  const initial = options.find((_, at) => input.choices[at]!.arg === input.chosen)
  return {
    type: 'static_select',
    action_id: `menu:${input.name}`,
    placeholder: plain(input.placeholder, 60),
    options,
    ...(initial && input.chosen !== undefined ? { initial_option: initial } : {}),
  }
}
