import { findInstall } from '../../db/queries/slack-installs.ts'
import { roles } from '../../db/vocabulary.ts'
import { assertCan } from '../../engine/access.ts'
import { notFound } from '../../engine/errors.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { linkSlackUser } from '../../engine/organizations/slack-link.ts'
import { roleInWords } from '../errors.ts'
import { optional, type Slot } from '../grammar.ts'
import { profileOf } from '../link.ts'
import account from '../messages/account.ts'
import { ask, done, say } from '../reply.ts'
import { clientFor } from '../slack.ts'
import { oneOf, person } from '../slots.ts'
import type { Role } from '../../db/vocabulary.ts'
import { command } from './command.ts'

/** `as engineer`. */
const role: Slot<Role> = {
  hints: roles.map((name) => `as ${name}`),
  read(words, at) {
    const led = words[0]!.text.toLowerCase() === 'as' && words[1] ? 1 : 0
    const found = oneOf(...roles).read(words.slice(led), at)
    return found && { value: found.value, used: led + 1 }
  },
  write: (value) => `as ${value}`,
}

/** Who I am here and the way to the web; a manager lets somebody in: `link @max as engineer`. */
export default command({
  verb: 'link',
  aliases: ['account', 'whoami', 'login'],
  summary: 'Who I am here; let somebody in',
  usage: '[@user] [as engineer|member|manager]',
  examples: ['link', 'link <@U0MAX> as engineer'],
  effect: 'irreversible',
  takes: { user: optional(person), role: optional(role), sure: optional(oneOf('yes')) },
  async run(ctx, { user, role = 'member', sure }) {
    if (!user) {
      const url = await makeSignInLink(ctx)
      return say(account, { name: ctx.person.name, role: await roleInWords(ctx), zone: ctx.person.zone, url })
    }
    await assertCan(ctx, 'manage_organization')
    // It cannot be undone (IC-8), and a manager may do everything from then on.
    if (!sure)
      return ask(`Let this Slack user in as ${role === 'engineer' ? 'an' : 'a'} ${role}?`, [
        { label: 'Let In', command: `link <@${user}> as ${role} yes` },
      ])
    const install = await findInstall(ctx.db, ctx.place.teamId)
    if (install?.orgId !== ctx.orgId) throw notFound('This workspace is not connected any more. Nobody was let in.')
    const { name, email, zone } = await profileOf(clientFor(ctx, install), user)
    const known = { name, role, ...(email ? { email } : {}), ...(zone ? { zone } : {}) }
    const linked = await linkSlackUser(ctx, { teamId: ctx.place.teamId, slackUserId: user, person: known })
    return done(`${linked.name} is in now as ${role === 'engineer' ? 'an' : 'a'} ${role}.`, {
      subject: { kind: 'person', id: linked.id },
    })
  },
})
