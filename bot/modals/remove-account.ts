import { z } from 'zod'
import { countRemoval, removeAccount } from '../../engine/accounts/remove.ts'
import { section } from '../blocks.ts'
import { done } from '../reply.ts'
import { md } from '../rich.ts'
import { count } from '../words.ts'
import { modal } from './modal.ts'

/** Says in numbers what goes with an account, before it goes. */
export default modal({
  name: 'remove-account',
  title: 'Disconnect Account',
  submit: 'Disconnect',
  fields: z.object({}),
  async load(ctx, { accountId = '' }) {
    const { name, resources, months, rules } = await countRemoval(ctx, { accountId })
    const gone = `${count(resources, 'resource')}, ${count(months, 'month')} of costs and ${count(rules, 'rule')}`
    return {
      blocks: [
        section(
          md`*${name}*: ${gone} go with it, its key and its monitoring too. This cannot be taken back. Its pool, the audit trail and the cloud itself stay.`,
        ),
      ],
    }
  },
  async run(ctx, { facts }) {
    const accountId = facts['accountId'] ?? ''
    const { name } = await countRemoval(ctx, { accountId })
    await removeAccount(ctx, { accountId })
    return done(`${name} is disconnected. The cloud was not touched.`, { subject: { kind: 'account', id: accountId } })
  },
})
