import { fill, h, icon, menu } from './dom.js'
import { avatar } from './messages.js'
import { me, state } from './store.js'

/** Workspace, person, conversations, and the note that this is a stand-in. */
export function sidebar(node, { open, become }) {
  const person = me()
  const switcher = h(
    'button',
    {
      class: 'person',
      type: 'button',
      'aria-haspopup': 'menu',
      'aria-label': `You are ${person.realName}, ${person.role}. Switch person`,
    },
    avatar(person.id),
    h('span', {}, h('strong', {}, person.realName), h('small', {}, person.role)),
    icon('down'),
  )
  switcher.addEventListener('click', () =>
    menu(
      switcher,
      state.people.map((each) => ({
        label: each.realName,
        hint: `${each.role} · ${each.tz.split('/')[1].replace('_', ' ')}`,
        run: () => become(each.id),
      })),
    ),
  )
  fill(
    node,
    h(
      'header',
      { class: 'workspace' },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, state.team.name[0]),
      h('strong', {}, state.team.name),
    ),
    switcher,
    h(
      'div',
      { class: 'places' },
      h('h2', {}, 'Channels'),
      h(
        'ul',
        {},
        state.channels.map((channel) => place({ id: channel.id, label: channel.name, face: icon('hash') }, open)),
      ),
      h('h2', {}, 'Apps'),
      h(
        'ul',
        {},
        place(
          {
            id: 'app',
            label: state.app.name,
            face: avatar(state.app.userId, 'small'),
            unread: state.unread[state.direct],
          },
          open,
        ),
      ),
    ),
    h('p', { class: 'note' }, 'Sandbox: a stand-in for Slack on this machine. Switch person to see the other side.'),
  )
}

function place({ id, label, face, unread = state.unread[id] }, open) {
  const current = state.channel === id
  const classes = ['place', current && 'current', unread > 0 && !current && 'unread'].filter(Boolean).join(' ')
  return h(
    'li',
    {},
    h(
      'button',
      { class: classes, type: 'button', 'aria-current': current ? 'page' : null, onclick: () => open(id) },
      face,
      h('span', { class: 'place-name' }, label),
      unread > 0 && !current && h('span', { class: 'count', 'aria-label': `${unread} unread` }, unread),
    ),
  )
}
