import { z } from 'zod'
import { openDraft, previewAccount } from '../../engine/accounts/preview.ts'
import { connectAndTell, sayOpen, sayReport } from '../accounts.ts'
import { section } from '../blocks.ts'
import { modal } from './modal.ts'

const none = 'none'

/** What only a person can decide before an account is connected: go on without some rights, and which report is its bill. */
export default modal({
  name: 'connect-decision',
  title: 'Connect an Account',
  submit: 'Connect',
  fields: z.object({ report: z.string().default(none).meta({ label: 'Its bill', input: 'choice' }) }),
  async load(ctx, { draft = '' }) {
    const preview = await previewAccount(ctx, openDraft(ctx, draft))
    const choices = preview.reports.map((report, n) => ({ label: sayReport(report), value: String(n) }))
    return {
      blocks: sayOpen(preview).map((sentence) => section(sentence)),
      ...(choices.length
        ? {
            values: { report: '0' },
            choices: { report: [...choices, { label: 'None of these: no bill for now', value: none }] },
          }
        : { without: ['report'] }),
    }
  },
  async run(ctx, { facts, values }) {
    const asked = openDraft(ctx, facts['draft'] ?? '')
    if (values.report === none) return connectAndTell(ctx, asked)
    const { reports } = await previewAccount(ctx, asked)
    return connectAndTell(ctx, {
      ...asked,
      settings: { ...asked.settings, ...reports[Number(values.report)]?.settings },
    })
  },
})
