import { assertCan } from '../../engine/access.ts'
import { getConnectForm, listConnectForms } from '../../engine/accounts/forms.ts'
import { optional } from '../grammar.ts'
import connectCloud from '../messages/connect-cloud.ts'
import { ask, say } from '../reply.ts'
import { word } from '../slots.ts'
import { command } from './command.ts'

/** Connects a cloud account: what is asked for, the documents that grant it, and one button per way in. */
export default command({
  verb: 'connect',
  summary: 'Connect a cloud account, read-only',
  usage: '<cloud>',
  examples: ['connect aws'],
  effect: 'none',
  takes: { cloud: optional(word) },
  async run(ctx, { cloud }) {
    await assertCan(ctx, 'manage_accounts')
    if (!cloud) {
      const all = listConnectForms(ctx).map((form) => ({ label: form.title, command: `connect ${form.cloud}` }))
      return ask('Which cloud do you want to connect?', all)
    }
    const form = getConnectForm(ctx, cloud.toLowerCase())
    const given = form.ways.flatMap(({ fields }) => fields).find((field) => field.given)
    return say(connectCloud, {
      ...{ cloud: form.cloud, title: form.title, hasFiles: form.files.length > 0 },
      ways: form.ways.map(({ title, about }) => ({ title, about })),
      externalId: given?.given ?? null,
    })
  },
})
