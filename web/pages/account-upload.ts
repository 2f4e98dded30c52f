import { Hono } from 'hono'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { assertCan } from '../../engine/access.ts'
import { AppError, invalid } from '../../engine/errors.ts'
import { uploadBill } from '../../engine/ingest/uploaded-bill.ts'
import type { View, WebEnv } from '../env.ts'
import { redirectWith } from '../flash.ts'
import { uploadForm } from '../form-parts.ts'
import type { Content } from '../parts.ts'
import { withUploads } from '../upload.ts'
import { readAccount } from './account-forms.ts'

/** Takes the files of one bill. */
export const uploadAct = new Hono<WebEnv>().post('/accounts/:id/bills', async (c) => {
  const { ctx } = c.var
  const { id } = await readAccount(ctx, c.req.param('id'))
  await assertCan(ctx, 'manage_accounts')
  try {
    const made = await withUploads(c, (files) => {
      if (files.length === 0) throw invalid('No file was chosen. Nothing was uploaded.', { field: 'files' })
      return uploadBill(ctx, { accountId: id, files })
    })
    return redirectWith(c, `/imports/${made.id}`, { tone: 'good', text: `${made.title} is here and is being read.` })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'forbidden') throw error
    return redirectWith(c, `/accounts/${id}`, {
      tone: 'bad',
      text: error.message,
      ...(error.detail.next ? { next: error.detail.next } : {}),
    })
  }
})

/** Asks for the files of one bill. */
export const upload = (found: Account, view: View): Content =>
  uploadForm(view, {
    action: `/accounts/${found.id}/bills`,
    submit: 'Upload',
    label: 'Files of one bill',
    hint: 'CSV, CSV.gz, CSV.zip or Parquet; FOCUS or AWS cost and usage report. Several files together are one bill. A period that is already here is replaced as a whole.',
    accept: '.csv,.gz,.parquet,.zip',
  })
