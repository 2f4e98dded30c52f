import { publishHome } from '../home/home.ts'
import { event } from './event.ts'

/** Somebody looks at their home tab: it is drawn from what is true now. */
export default event({
  name: 'app_home_opened',
  scopes: [],
  async run({ deps, install, event, place }) {
    if (event['tab'] !== 'home') return
    await publishHome(deps, { install, slackUserId: place.slackUserId, looking: true })
  },
})
