import { Hono } from 'hono'
import { sayMissing } from '../../engine/accounts/check.ts'
import { pauseAccount, resumeAccount } from '../../engine/accounts/pause.ts'
import { recheckAccount } from '../../engine/accounts/recheck.ts'
import { acceptVanished } from '../../engine/accounts/vanished.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { readAccount } from './account-forms.ts'

/** Buttons that act at once on an account: pause, resume, check again, believe what it does not show any more. */
export const accountSwitches = new Hono<WebEnv>()
  .post('/accounts/:id/pause', async (c) => {
    const { id } = await readAccount(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      run: async (ctx) => `${(await pauseAccount(ctx, { accountId: id })).name} is paused. What is known stays.`,
    })
  })
  .post('/accounts/:id/resume', async (c) => {
    const { id } = await readAccount(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      run: async (ctx) => `${(await resumeAccount(ctx, { accountId: id })).name} is read again, beginning now.`,
    })
  })
  .post('/accounts/:id/vanished', async (c) => {
    const { id } = await readAccount(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      run: async (ctx) => {
        await acceptVanished(ctx, { accountId: id })
        return 'The account is read again now, and what it does not show within the hour counts as gone.'
      },
    })
  })
  .post('/accounts/:id/check', async (c) => {
    const { id } = await readAccount(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/accounts/${id}`,
      run: async (ctx) => {
        const { account, missing } = await recheckAccount(ctx, { accountId: id })
        const said = missing.length ? sayMissing(missing) : 'Signing in works and nothing is missing.'
        return `${said}${account.pausedAt ? '' : ' Everything is read again now.'}`
      },
    })
  })
