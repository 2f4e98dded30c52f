import { z } from 'zod'
import { getAccount, updateAccount } from '../../engine/accounts/update.ts'
import { typedOf, wayFields } from '../accounts.ts'
import { section } from '../blocks.ts'
import { done } from '../reply.ts'
import { md } from '../rich.ts'
import { modal } from './modal.ts'

/** A new key for an account; the old one stays until the new one is checked. */
export default modal({
  name: 'rotate-key',
  title: 'Change the Key',
  submit: 'Check and Save',
  fields: z.object({ despite: z.boolean().default(false).meta({ label: 'Save even if rights are missing' }) }),
  more: wayFields,
  async load(ctx, { accountId = '' }) {
    const { name, cloudAccountId } = await getAccount(ctx, accountId)
    return {
      blocks: [
        section(
          md`*${name}* is ${cloudAccountId}. The key it has stays until the new one is checked. What you type here passes through Slack; the account page does not.`,
        ),
      ],
    }
  },
  async run(ctx, { facts, values }) {
    const accountId = facts['accountId'] ?? ''
    const { despite } = values
    const { name } = await updateAccount(ctx, { accountId, credentials: typedOf(ctx, facts, values), despite })
    return done(`${name} has a new key. Everything is read again now.`, { subject: { kind: 'account', id: accountId } })
  },
})
