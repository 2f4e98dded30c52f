import { z } from 'zod'
import { billOrigins } from '../../db/vocabulary.ts'
import { getConnectForm } from '../../engine/accounts/forms.ts'
import { openDraft, previewAccount } from '../../engine/accounts/preview.ts'
import { connectAndTell, typedOf, wayFields, wayOf } from '../accounts.ts'
import { section } from '../blocks.ts'
import { open } from '../reply.ts'
import { code, lines, md } from '../rich.ts'
import connectDecision from './connect-decision.ts'
import { modal } from './modal.ts'

/** Asks for a cloud account by one of the ways in; what is left to decide comes in a second step. */
export default modal({
  name: 'connect-account',
  title: 'Connect an Account',
  submit: 'Check',
  fields: z.object({
    name: z.string().trim().min(1).max(255).meta({ label: 'Name', placeholder: 'AWS production' }),
    billOrigin: z.enum(billOrigins).default('own').meta({ label: 'Its costs come', input: 'radio' }),
    bucket: z.string().optional().meta({ label: 'Bucket with the bill' }),
    prefix: z.string().optional().meta({ label: 'Prefix', placeholder: 'cur' }),
    report: z.string().optional().meta({ label: 'Report or export name' }),
  }),
  more: wayFields,
  async load(ctx, facts) {
    const { cloud, way } = wayOf(facts)
    const { title, ways, hasPayers } = getConnectForm(ctx, cloud)
    const { title: how, about, fields } = ways[way] ?? ways[0]!
    const given = fields.flatMap(({ label, given }) => (given ? [md`${label}: ${code(given)}`] : []))
    const warning = fields.some(({ secret }) => secret)
      ? 'What you type here passes through Slack. A role needs no secret, and the web form does not pass through Slack.'
      : null
    return {
      blocks: [section(lines(md`*${title}, ${how}.* ${about ?? ''}`, ...given, warning))],
      hints: {
        bucket: `Left empty, we ask the cloud which reports there are. Bills must be in ${ctx.currency}; nothing is converted.`,
      },
      values: { billOrigin: 'own' as const, ...(facts['name'] ? { name: facts['name'] } : {}) },
      choices: {
        billOrigin: [
          { value: 'own', label: 'in a bill of its own' },
          { value: 'payer', label: 'in the bill of the account that pays for it' },
        ],
      },
      without: hasPayers ? [] : ['billOrigin' as const],
    }
  },
  async run(ctx, { facts, values }) {
    const { cloud } = wayOf(facts)
    const { name, billOrigin, bucket = '', prefix = '', report = '' } = values
    const asked = {
      ...{ cloud: cloud as 'aws', name, billOrigin, credentials: typedOf(ctx, facts, values) },
      settings: { bucket, prefix, report },
    }
    const preview = await previewAccount(ctx, asked)
    if (preview.ready) return connectAndTell(ctx, openDraft(ctx, preview.draft))
    return open(connectDecision, { draft: preview.draft })
  },
})
