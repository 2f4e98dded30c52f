import { fill, h, icon, toast } from './dom.js'
import { plain, textOf } from './mrkdwn.js'
import { act, state } from './store.js'

/** Asks before a button that wants it; true when the person agrees, and when nothing is to be asked. */
export function confirmFirst(confirm) {
  if (!confirm) return Promise.resolve(true)
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'dialog small', 'aria-label': plain(confirm.title) })
    const answer = (yes) => (dialog.close(), dialog.remove(), resolve(yes))
    const style = confirm.style === 'danger' ? 'btn danger' : 'btn primary'
    fill(
      dialog,
      h('h2', {}, textOf(confirm.title)),
      h('div', { class: 'dialog-body' }, h('div', { class: 'text' }, textOf(confirm.text))),
      h(
        'footer',
        {},
        h('button', { class: 'btn', type: 'button', onclick: () => answer(false) }, textOf(confirm.deny)),
        h('button', { class: style, type: 'button', onclick: () => answer(true) }, textOf(confirm.confirm)),
      ),
    )
    dialog.addEventListener('cancel', (event) => (event.preventDefault(), answer(false)))
    document.getElementById('layers').append(dialog)
    dialog.showModal()
    dialog.querySelector('footer button:last-child').focus()
  })
}

/** The open modal: one dialog element, filled with the view on top of the person's stack. */
const open = { dialog: null, id: '', blocks: new Map(), fields: new Map(), busy: false }

/** Shows the top of the stack, updates it in place, or takes the dialog away. */
export async function showModal() {
  const view = state.views.at(-1)
  if (!view) return takeAway()
  const { blockNode } = await import('./blocks.js')
  if (!open.dialog) raise()
  const fresh = open.id !== view.id
  if (fresh) {
    open.id = view.id
    open.blocks = new Map()
    open.fields = new Map()
  }
  const before = open.blocks
  open.blocks = new Map()
  const ctx = { place: { view: view.id }, fields: open.fields, values: view.state.values }
  // Blocks that did not change keep their nodes, and with them what is typed and where the cursor is.
  const nodes = view.blocks.map((block) => {
    const json = JSON.stringify(block)
    const kept = before.get(block.block_id)
    const node = kept?.json === json ? kept.node : blockNode(block, ctx)
    open.blocks.set(block.block_id, { json, node })
    return node
  })
  for (const key of open.fields.keys())
    if (!open.blocks.has(key.slice(0, key.lastIndexOf('/')))) open.fields.delete(key)
  frame(view, nodes)
  if (fresh) open.dialog.querySelector('.dialog-body :is(input, textarea, .combo, .btn)')?.focus()
}

function raise() {
  open.dialog = h('dialog', { class: 'dialog' })
  open.dialog.addEventListener('cancel', (event) => (event.preventDefault(), close()))
  document.getElementById('layers').append(open.dialog)
  open.dialog.showModal()
}

function takeAway() {
  open.dialog?.close()
  open.dialog?.remove()
  Object.assign(open, { dialog: null, id: '', blocks: new Map(), fields: new Map(), busy: false })
}

function frame(view, nodes) {
  const { dialog } = open
  const nested = state.views.length > 1
  const body = dialog.querySelector('.dialog-body')
  const top = open.shown === view.id ? (body?.scrollTop ?? 0) : 0
  open.shown = view.id
  dialog.setAttribute('aria-label', plain(view.title))
  const submit = view.submit && h('button', { class: 'btn primary', type: 'submit' }, textOf(view.submit))
  const form = h(
    'form',
    { class: 'dialog-form', novalidate: true, onsubmit: (event) => (event.preventDefault(), send(form, submit)) },
    h(
      'header',
      {},
      nested &&
        h('button', { class: 'plain', type: 'button', 'aria-label': 'Back', onclick: () => close() }, icon('back')),
      h('h2', {}, textOf(view.title)),
      h('button', { class: 'plain', type: 'button', 'aria-label': 'Close', onclick: () => close(true) }, icon('close')),
    ),
    h('div', { class: 'dialog-body' }, nodes),
    h(
      'footer',
      {},
      h('span', { class: 'from' }, state.app.name),
      h(
        'button',
        { class: 'btn', type: 'button', onclick: () => close() },
        view.close ? textOf(view.close) : submit ? 'Cancel' : 'Close',
      ),
      submit,
    ),
  )
  fill(dialog, form)
  dialog.querySelector('.dialog-body').scrollTop = top
}

async function send(form, submit) {
  if (open.busy) return
  open.busy = true
  submit?.classList.add('busy')
  const { showErrors } = await import('./blocks.js')
  try {
    const answer = await act('submit', { view: open.id, entries: [...open.fields.values()] })
    showErrors(form, answer.errors ?? {})
    if (answer.refused) toast(`Slack would refuse the next view: ${answer.refused.error}.`, 'bad')
    if (answer.delivery?.acked === false) toast(`${state.app.name} did not answer (${answer.delivery.error}).`, 'bad')
  } catch (error) {
    toast(error.message, 'bad')
  } finally {
    open.busy = false
    submit?.classList.remove('busy')
  }
}

function close(clear = false) {
  act('close', { view: open.id, clear }).catch((error) => toast(error.message, 'bad'))
}
