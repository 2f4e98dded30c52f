import { z } from 'zod'
import { countAccountFacts, listSubAccounts } from '../../db/queries/account-facts.ts'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { waysOf } from '../../engine/accounts/forms.ts'
import { healthOf } from '../../engine/accounts/health.ts'
import { actions, fields, header, section } from '../blocks.ts'
import { button, linkButton } from '../controls.ts'
import { lines, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { card } from './message.ts'

/** Accounts inside a bill are counted up to here; the account page lists them. */
const most = 100

/** One cloud account: how it is doing, what is known through it, and what can be done with it. */
export default card({
  name: 'account-card',
  subject: 'account',
  facts: z.object({
    id: z.string(),
    account: z.string(),
    cloud: z.string(),
    number: z.string(),
    sentence: z.string(),
    next: z.string().nullable(),
    hasKey: z.boolean(),
    /** The way it signs in, by its place in the cloud's form. */
    way: z.number(),
    paused: z.boolean(),
    resources: z.number(),
    months: z.number(),
    /** Accounts in whose bills its costs are. */
    payers: z.array(z.string()),
    /** Accounts in its bill that are not connected themselves. */
    inside: z.number(),
    lastImportAt: z.coerce.date().nullable(),
  }),
  async load(ctx, id) {
    const { db, orgId } = ctx
    const account = await findAccount(db, { orgId, id })
    if (!account) return null
    const { sentence, next } = healthOf(account)
    const { resources, staying, months, payers } = await countAccountFacts(db, { orgId, accountId: id })
    const hasKey = account.credentials !== null
    const inside = await listSubAccounts(db, { orgId, accountId: id, limit: most })
    return {
      ...{ id, account: account.name, cloud: account.cloud, number: account.cloudAccountId, sentence, next },
      ...{ hasKey, paused: account.pausedAt !== null, resources: resources + staying, months, payers },
      way: (hasKey && waysOf(ctx, account).now) || 0,
      inside: inside.filter(({ accountId }) => accountId === null).length,
      lastImportAt: account.lastImportAt,
    }
  },
  text: (f) => [f.sentence, f.next].filter(Boolean).join(' '),
  slack: (f, frame) => [
    header(f.account),
    section(lines(f.sentence, f.next)),
    fields({
      Number: f.number,
      Resources: f.resources.toLocaleString('en-US'),
      Costs: f.months || !f.payers.length ? count(f.months, 'month') : `in the bill of ${f.payers.join(', ')}`,
      'Also in its bill': f.inside ? md`${count(f.inside, 'account')} not connected` : null,
    }),
    actions(
      f.hasKey && button({ label: 'Check Again', verb: 'recheck-account', id: f.id }),
      f.hasKey &&
        (f.paused
          ? button({ label: 'Resume', verb: 'resume-account', id: f.id })
          : button({ label: 'Pause', verb: 'pause-account', id: f.id })),
      f.hasKey && button({ label: 'Change Access', verb: 'rotate-key', id: f.id, arg: `${f.cloud}:${f.way}` }),
      button({ label: 'Disconnect', verb: 'remove-account', id: f.id, danger: true }),
      linkButton('Open Account', frame.url(`/accounts/${f.id}`)),
    ),
  ],
  footer: (f) => ({
    link: `/accounts/${f.id}`,
    more: [f.lastImportAt ? md`Last bill read ${moment(f.lastImportAt)}` : f.payers.length ? '' : 'No bill read yet'],
  }),
  samples: {
    usual: sample({}),
    paused: sample({ paused: true, sentence: 'AWS prod-main is paused: nothing is read, what is known stays.' }),
    linked: sample({ months: 0, payers: ['AWS payer'], lastImportAt: null }),
    byHand: sample({ hasKey: false, inside: 12, lastImportAt: null }),
  },
})

function sample(more: object) {
  return {
    ...{
      id: 'a1',
      account: 'AWS prod-main',
      cloud: 'aws',
      number: '111122223333',
      resources: 1240,
      months: 7,
      payers: [],
      inside: 0,
    },
    ...{ sentence: 'AWS prod-main is connected and up to date.', next: null, hasKey: true, way: 0, paused: false },
    ...{ lastImportAt: new Date('2026-11-22T06:00:00Z'), ...more },
  }
}
