import { roles, type Role } from '../../db/vocabulary.ts'
import { assertCan } from '../../engine/access.ts'
import { sayOneRole, sayRoles } from '../../engine/organizations/role-words.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { roleInWords } from '../errors.ts'
import { optional, type Slot } from '../grammar.ts'
import { letIn } from '../let-in.ts'
import account from '../messages/account.ts'
import { memberBehind } from '../people.ts'
import { ask, say } from '../reply.ts'
import { oneOf, person } from '../slots.ts'
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
  // `same`: as the person who is here already under this e-mail, `yes`: as a new one.
  takes: { user: optional(person), role: optional(role), sure: optional(oneOf('yes', 'same')) },
  async run(ctx, { user, role, sure }) {
    if (!user) {
      const url = await makeSignInLink(ctx)
      return say(account, { name: ctx.person.name, role: await roleInWords(ctx), zone: ctx.person.zone, url })
    }
    // Before Slack is asked: whoever may not let people in does not read their profiles through us.
    await assertCan(ctx, 'manage_organization')
    const here = await memberBehind(ctx, user)
    if (here)
      return ask(
        `This Slack user is in already: ${here.name}, ${sayRoles(here.roles)}.`,
        role ? [{ label: `Make ${sayOneRole({ role, pool: null })}`, command: `role <@${user}> ${role}` }] : [],
      )
    return letIn(ctx, user, { role, sure })
  },
})
