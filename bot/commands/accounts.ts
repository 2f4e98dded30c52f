import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { healthOf } from '../../engine/accounts/health.ts'
import { accountNamed } from '../accounts.ts'
import { optional } from '../grammar.ts'
import accountCard from '../messages/account-card.ts'
import accountList from '../messages/account-list.ts'
import { card, say } from '../reply.ts'
import { name } from '../slots.ts'
import { command } from './command.ts'

/** The connected cloud accounts and how each is doing; a name shows one with its buttons. */
export default command({
  verb: 'accounts',
  summary: 'Cloud accounts and how each is doing',
  usage: '[name or number]',
  examples: ['accounts', 'accounts production'],
  effect: 'none',
  takes: { account: optional(name) },
  async run(ctx, { account }) {
    if (account) return card(accountCard, (await accountNamed(ctx, account, (other) => `accounts ${other}`)).id)
    const all = await listAccounts(ctx.db, { orgId: ctx.orgId })
    const rows = all.map((one) => ({ id: one.id, name: one.name, sentence: healthOf(one).sentence }))
    return say(accountList, { rows })
  },
})
