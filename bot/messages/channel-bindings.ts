import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

/** What this channel means, what others mean, and where alerts go that none of them gets. */
export default report({
  name: 'channel-bindings',
  facts: z.object({
    /** The pool this channel means. */
    here: z.string().nullable(),
    /** The Slack channel all other alerts go to. */
    alerts: z.string().nullable(),
    alertsHere: z.boolean(),
    channels: z.array(z.object({ channel: z.string(), pool: z.string() })),
  }),
  text: (f) => (f.here ? `This channel means ${f.here}.` : 'This channel means no pool yet.'),
  slack: (f) => [
    section(
      lines(
        f.here
          ? md`This channel means *${f.here}*.`
          : 'This channel means no pool yet. Type a pool behind it, like “bind payments”.',
        f.alerts
          ? md`Alerts of pools without a channel go to ${f.alertsHere ? 'this channel' : { rich: `<#${f.alerts}>` }}.`
          : 'Alerts of pools without a channel go only to the people they concern.',
      ),
    ),
    ...(f.channels.length
      ? [
          section(
            lines(
              ...f.channels.slice(0, most).map(({ channel, pool }) => md`${{ rich: `<#${channel}>` }} means ${pool}`),
              f.channels.length > most && `and ${count(f.channels.length - most, 'more channel')}.`,
            ),
          ),
        ]
      : []),
    actions(
      f.here !== null && button({ label: 'Unbind This Channel', verb: 'run-command', arg: 'bind none' }),
      f.alertsHere
        ? button({ label: 'No Alerts Channel', verb: 'run-command', arg: 'bind alerts none' })
        : button({ label: 'Other Alerts Here', verb: 'run-command', arg: 'bind alerts' }),
    ),
  ],
  footer: () => ({ link: '/pools' }),
  samples: {
    usual: {
      here: 'Payments',
      alerts: 'C0OPS',
      alertsHere: false,
      channels: [
        { channel: 'C0PAY', pool: 'Payments' },
        { channel: 'C0QA', pool: 'QA' },
      ],
    },
    alerts: { here: null, alerts: 'C0OPS', alertsHere: true, channels: [] },
    nothing: { here: null, alerts: null, alertsHere: false, channels: [] },
  },
})

/** So many lines fit one section. */
const most = 20
