import { z } from 'zod'
import { assertCan } from '../../engine/access.ts'
import { countRemoval, removeAccount, sayRemoval } from '../../engine/accounts/remove.ts'
import { section } from '../blocks.ts'
import { done } from '../reply.ts'
import { lines, md } from '../rich.ts'
import { modal } from './modal.ts'

/** Says in numbers what goes with an account, before it goes. */
export default modal({
  name: 'remove-account',
  title: 'Disconnect Account',
  submit: 'Disconnect',
  fields: z.object({}),
  async load(ctx, { accountId = '' }) {
    await assertCan(ctx, 'manage_accounts')
    const { name, ...facts } = await countRemoval(ctx, { accountId })
    const [gone = '', ...more] = sayRemoval(facts)
    return { blocks: [section(lines(md`*${name}*: ${gone}`, ...more))] }
  },
  async run(ctx, { facts }) {
    const accountId = facts['accountId'] ?? ''
    const { name } = await countRemoval(ctx, { accountId })
    await removeAccount(ctx, { accountId })
    return done(`${name} is disconnected. The cloud was not touched.`, { subject: { kind: 'account', id: accountId } })
  },
})
