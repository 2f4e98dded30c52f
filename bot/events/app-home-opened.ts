import { setOwnZone } from '../../engine/organizations/slack-link.ts'
import { personContext } from '../context.ts'
import { manual } from '../doors.ts'
import { publishHome } from '../home/home.ts'
import { profileOf } from '../link.ts'
import { event } from './event.ts'

/** Somebody looks at their home tab: it is drawn from what is true now, and the time zone Slack knows of them is kept. */
export default event({
  name: 'app_home_opened',
  scopes: ['users:read'],
  async run({ deps, install, event, place, client }) {
    if (event['tab'] !== 'home') return
    await publishHome(deps, { install, slackUserId: place.slackUserId, looking: true })
    const ctx = await personContext(deps, place, manual)
    const { zone } = ctx ? await profileOf(client, place.slackUserId) : { zone: null }
    if (ctx && zone && zone !== ctx.person.zone) await setOwnZone(ctx, { zone })
  },
})
