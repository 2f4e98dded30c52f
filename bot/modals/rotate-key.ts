import { z } from 'zod'
import { waysOf } from '../../engine/accounts/forms.ts'
import { getAccount, updateAccount } from '../../engine/accounts/update.ts'
import { typedOf, wayFields } from '../accounts.ts'
import { section } from '../blocks.ts'
import { done } from '../reply.ts'
import { code, lines, md } from '../rich.ts'
import { modal } from './modal.ts'

/** Another key or role for an account, also one kind in place of the other; what it has stays until the new one is checked. */
export default modal({
  name: 'rotate-key',
  title: 'Change Its Access',
  submit: 'Check and Save',
  fields: z.object({
    way: z.string().optional().meta({ label: 'It signs in with', input: 'radio', live: true }),
    despite: z.boolean().default(false).meta({ label: 'Save even if rights are missing' }),
  }),
  more: (ctx, facts, values) => wayFields(ctx, withWay(facts, values)),
  async load(ctx, { accountId = '', way = '0' }, values) {
    const account = await getAccount(ctx, accountId)
    const { ways, now, shown } = waysOf(ctx, account)
    const chosen = ways[Number(values?.way ?? way)] ?? ways[0]!
    const given = chosen.fields.flatMap(({ label, given }) => (given ? [md`${label}: ${code(given)}`] : []))
    const warning = chosen.fields.some(({ secret }) => secret)
      ? 'What you type here passes through Slack; the account page does not, and a role needs no secret.'
      : null
    return {
      blocks: [
        section(
          lines(
            md`*${account.name}* is ${account.cloudAccountId}. What it has stays until the new one is checked.`,
            now === null ? null : lines(md`Now: ${ways[now]!.title}`, ...shown.map((text) => code(text))),
            chosen.about,
            ...given,
            warning,
          ),
        ),
      ],
      values: { way: String(ways.indexOf(chosen)) },
      choices: { way: ways.map(({ title }, n) => ({ label: title, value: String(n) })) },
      without: ways.length > 1 ? [] : ['way' as const],
    }
  },
  async run(ctx, { facts, values }) {
    const accountId = facts['accountId'] ?? ''
    const credentials = typedOf(ctx, withWay(facts, values), values)
    const { name } = await updateAccount(ctx, { accountId, credentials, despite: values.despite })
    const what = 'roleArn' in credentials ? 'has a new role' : 'has a new key'
    return done(`${name} ${what}. Everything is read again now.`, { subject: { kind: 'account', id: accountId } })
  },
})

/** The way in that is chosen in the dialog, else the one it was opened with. */
const withWay = (facts: Record<string, string>, values?: Record<string, unknown>): Record<string, string> => {
  const way = values?.['way']
  return typeof way === 'string' ? { ...facts, way } : facts
}
