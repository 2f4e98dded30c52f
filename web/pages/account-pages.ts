import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { accounts } from './accounts.ts'
import { connect } from './connect.ts'
import { connectFile } from './connect-file.ts'
import { account } from './account.ts'
import { accountActs } from './account-forms.ts'
import { accountSwitches } from './account-switches.ts'
import { uploadAct } from './account-upload.ts'
import { importPage } from './import.ts'

/** Accounts, their bills and how to connect one. */
export const accountPages = new Hono<WebEnv>()
for (const page of [accounts, connect, connectFile, account, accountActs, accountSwitches, uploadAct, importPage])
  accountPages.route('/', page)
