import { CleanUpFacts, loadCleanUp, sampleCleanUp, sayDeclined } from '../clean-up.ts'
import { actions, context, header, section, type Block } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { short } from './clean-up.ts'
import { card, type Frame } from './message.ts'

/** Somebody asks to clean up more than one person may decide; a click approves exactly this list. No answer in a day is a no. */
export default card<CleanUpFacts>({
  name: 'clean-up-approval',
  subject: 'clean_up',
  facts: CleanUpFacts,
  load: loadCleanUp,
  over: (f) => f.state !== 'waiting_approval',
  text: (f, frame) =>
    f.state === 'waiting_approval'
      ? `Approval needed: ${f.person.name} wants to clean up ${count(f.count, 'resource')}, saves about ${frame.money(f.saving)}/mo.`
      : `${outcomes[f.state] ?? 'Decided'}: the clean-up of ${f.person.name}, ${partOf(f)}.`,
  slack: (f, frame) => [
    header(`Clean up ${count(f.count, 'resource')}`),
    section(md`${frame.mention(f.person)} asks for the scripts of these. Saves about *${frame.money(f.saving)}/mo*.`),
    section(
      lines(
        ...f.items.map((item) => row(item, frame)),
        f.count > f.items.length ? `and ${f.count - f.items.length} more on the page` : null,
      ),
    ),
    ...(f.declined.length ? [section(md`*Not approved:* ${sayDeclined(f.declined)}`)] : []),
    ...decision(f),
    context(...proof(f, frame)),
  ],
  footer: (f) => ({ link: `/clean-ups/${f.id}`, more: ['Only this list is approved; nothing runs by itself'] }),
  samples: {
    usual: sampleCleanUp({ state: 'waiting_approval', saving: '412', expiresAt: new Date('2026-11-24T10:40:00Z') }),
    approved: sampleCleanUp({ saving: '412', decidedBy: { id: 'p2', name: 'Priya' } }),
    part: sampleCleanUp({ saving: '412', decidedBy: { id: 'p2', name: 'Priya' }, declined: ['data-8', 'data-9'] }),
    expired: sampleCleanUp({ state: 'expired', saving: '412' }),
  },
})

const outcomes: Partial<Record<CleanUpFacts['state'], string>> = {
  ...{ handed_over: 'Approved', verified: 'Approved', declined: 'Declined', expired: 'Not answered in time' },
}

/** "5 resources", or "5 of 7 resources" when the rest was not approved. */
const partOf = ({ count: n, declined }: CleanUpFacts): string =>
  declined.length ? `${n} of ${count(n + declined.length, 'resource')}` : count(n, 'resource')

const row = ({ name, title, saving }: CleanUpFacts['items'][number], frame: Frame) =>
  md`*${name}* · ${title}${saving === null ? '' : ` · ${frame.money(saving)}/mo`}`

function decision({ id, rev, state, sha256, count: n }: CleanUpFacts): Block[] {
  if (state !== 'waiting_approval') return []
  const on = { id, rev, arg: sha256.slice(0, 16) }
  return [
    actions(
      button({
        ...on,
        label: 'Approve',
        verb: 'approve-clean-up',
        primary: true,
        aria: `Approve the clean-up of ${n}`,
      }),
      n > 1 &&
        button({
          ...{ id, rev, arg: `${on.arg} ${n}`, label: 'Approve Selected…', verb: 'approve-part' },
          aria: 'Choose which of them are approved',
        }),
      button({ ...on, label: 'Decline', verb: 'decline-clean-up', aria: 'Decline; nothing is handed over' }),
    ),
  ]
}

function proof(f: CleanUpFacts, frame: Frame) {
  const list = `sha256 ${short(f.sha256)}`
  if (f.state !== 'waiting_approval')
    return [`${outcomes[f.state] ?? 'Decided'}${f.decidedBy ? ` by ${f.decidedBy.name}` : ''}`, list]
  return [
    f.over > 0 && `0 of 1 approvals, needed because it saves over ${frame.money(f.over)}/mo`,
    f.expiresAt && md`expires ${moment(f.expiresAt)}, then nothing runs`,
    list,
  ]
}
