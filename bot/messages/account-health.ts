import { z } from 'zod'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { healthOf, readNotes } from '../../engine/accounts/health.ts'
import { sayProblems } from '../../engine/accounts/problems.ts'
import { actions, context, fields, header, section } from '../blocks.ts'
import { linkButton } from '../controls.ts'
import { lines, moment, md } from '../rich.ts'
import { card } from './message.ts'

/** The account page shows the others. */
const mostProblems = 5

/** How a connected account is doing, what is wrong and what to do about it; quiet again once it is well. */
export default card({
  name: 'account-health',
  subject: 'account',
  facts: z.object({
    id: z.string(),
    account: z.string(),
    well: z.boolean(),
    sentence: z.string(),
    next: z.string().nullable(),
    /** What could not be read and where, a line each. */
    problems: z.array(z.string()),
    lastImportAt: z.date().nullable(),
  }),
  async load({ db, orgId }, id) {
    const account = await findAccount(db, { orgId, id })
    if (!account) return null
    const { state, sentence, next } = healthOf(account)
    const said = sayProblems(await readNotes({ db, orgId }, { accountId: id }))
    // An answer that was not believed leaves the health as it is, and still waits for a person.
    const isFine = state === 'ok' || state === 'no_data_yet'
    const doubt = isFine && said.find(({ kind }) => kind === 'doubt')
    const well = isFine && !doubt
    const problems = said.map(({ what, where }) => (where ? `${where}: ${what}` : what))
    return {
      ...{ id, account: account.name, well, sentence, next: doubt ? doubt.next : next, problems },
      lastImportAt: account.lastImportAt,
    }
  },
  over: ({ well }) => well,
  text: (f) => [f.sentence, f.next].filter(Boolean).join(' '),
  slack: (f, frame) =>
    f.well
      ? [section(f.sentence), context('Nothing to do')]
      : [
          header(`${f.account} needs attention`),
          section(f.sentence),
          // One problem is the sentence itself.
          ...(f.problems.length > 1
            ? [section(lines(...f.problems.slice(0, mostProblems).map((problem) => `• ${problem}`)))]
            : []),
          fields({ 'What to do': f.next }),
          actions(linkButton('Open Account', frame.url(`/accounts/${f.id}`))),
        ],
  footer: (f) => ({
    link: `/accounts/${f.id}`,
    more: [f.lastImportAt ? md`Last bill read ${moment(f.lastImportAt)}` : 'No bill read yet'],
  }),
  samples: {
    usual: {
      id: '1',
      account: 'AWS prod-main',
      well: false,
      sentence: 'AWS prod-main may not list the bucket with the bill.',
      next: 'Add s3:ListBucket to the role; the next import is within the hour.',
      problems: [],
      lastImportAt: new Date('2026-11-22T06:00:00Z'),
    },
    several: {
      id: '1',
      account: 'AWS prod-main',
      well: false,
      sentence:
        'AWS prod-main is read only in part, because a permission is missing. The access key may not use iam:ListUsers (AccessDenied, Users). 1 more on the account page.',
      next: 'Add the permission to its policy; the account page shows the whole policy.',
      problems: [
        'Users: The access key may not use iam:ListUsers (AccessDenied).',
        'Volume in eu-west-1 and 2 other regions: AWS did not answer ec2:DescribeVolumes (InternalError).',
      ],
      lastImportAt: new Date('2026-11-22T06:00:00Z'),
    },
    well: {
      id: '1',
      account: 'AWS prod-main',
      well: true,
      sentence: 'AWS prod-main is connected and up to date.',
      next: null,
      problems: [],
      lastImportAt: new Date('2026-11-22T06:00:00Z'),
    },
  },
})
