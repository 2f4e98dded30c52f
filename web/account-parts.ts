/** How accounts and imports look: health in a sentence, state in a word, progress as a bar. */
import type { Account, Import } from '../db/schema/cloud-accounts.ts'
import type { AccountHealth, Cloud, ImportState } from '../db/vocabulary.ts'
import { healthOf } from '../engine/accounts/health.ts'
import type { Preview } from '../engine/accounts/preview.ts'
import { progress } from './chart-parts.ts'
import { badge, link, money, moment, notice, plural, table, twoLines, type Content, type Tone } from './parts.ts'
import type { View } from './env.ts'

/** Names of clouds as people write them. */
export const cloudNames: Record<Cloud, string> = {
  aws: 'AWS',
  azure: 'Azure',
  gcp: 'Google Cloud',
  alibaba: 'Alibaba Cloud',
  kubernetes: 'Kubernetes',
  focus: 'FOCUS files',
  environment: 'Environments',
}

const healths: Record<AccountHealth, { text: string; tone: Tone }> = {
  ok: { text: 'up to date', tone: 'good' },
  no_data_yet: { text: 'no bill yet', tone: 'info' },
  wrong_clock: { text: 'clock wrong', tone: 'bad' },
  bad_credentials: { text: 'access refused', tone: 'bad' },
  missing_permission: { text: 'right missing', tone: 'bad' },
  denied: { text: 'forbidden from above', tone: 'bad' },
  unreachable: { text: 'unreachable', tone: 'warn' },
  bad_bill: { text: 'bill unreadable', tone: 'bad' },
}

/** The health as a word. */
export const healthBadge = ({ health, pausedAt }: Pick<Account, 'health' | 'pausedAt'>): Content =>
  pausedAt ? badge('paused', 'plain') : badge(healths[health].text, healths[health].tone)

/** What is the matter and what to do about it. */
export function healthNotice(account: Account): Content {
  const { state, sentence, next } = healthOf(account)
  return notice(account.pausedAt ? 'plain' : healths[state].tone, sentence, next)
}

const states: Record<ImportState, { text: string; tone: Tone }> = {
  scheduled: { text: 'waiting', tone: 'info' },
  running: { text: 'running', tone: 'info' },
  completed: { text: 'completed', tone: 'good' },
  unchanged: { text: 'nothing new', tone: 'plain' },
  failed: { text: 'failed', tone: 'bad' },
}

/** The state of an import as a word. */
export const importBadge = ({ state }: Pick<Import, 'state'>): Content => badge(states[state].text, states[state].tone)

/** Does it still move by itself? */
export const isUnderWay = ({ state }: Pick<Import, 'state'>): boolean => state === 'scheduled' || state === 'running'

/** How much of the files is read; unknown sizes show none. */
export const importBar = ({ bytesRead, bytesTotal, title }: Import): Content =>
  progress(bytesTotal ? bytesRead / bytesTotal : 0, `Read of ${title}`)

/** Attempts to read bills, newest first. */
export function importTable(imports: Import[], { view, names }: { view: View; names?: Map<string, string> }): Content {
  const { currency } = view.organization
  const about = (one: Import) => [names?.get(one.accountId) ?? one.source, one.reason].filter(Boolean).join(' · ')
  const result = (one: Import) => (isUnderWay(one) ? importBar(one) : money(one.effective, currency))
  return table<Import>(
    [
      {
        title: 'Bill',
        head: true,
        cell: (one) => twoLines(link(`/imports/${one.id}`, one.title), about(one)),
      },
      { title: 'When', cell: (one) => moment(one.createdAt, view) },
      { title: 'State', cell: importBadge },
      {
        title: 'Lines',
        number: true,
        cell: (one) =>
          twoLines(one.lines.toLocaleString('en-US'), one.quarantined ? `${one.quarantined} set aside` : ''),
      },
      { title: 'Effective cost', number: true, cell: result },
    ],
    imports,
    { caption: 'Imports of bills, newest first', empty: 'No bill has been read yet.' },
  )
}

/** "cur2 (export, 13 months) in bills/cur; it has no resource ids". */
export function sayReport({ name, kind, settings, months, flaws = [] }: Preview['reports'][number]): string {
  const place = [settings['bucket'], settings['prefix']].filter(Boolean).join('/')
  const size = months.length ? `, ${plural(months.length, 'month')}` : ''
  return [`${name} (${kind}${size}) in ${place}`, ...flaws].join('; ')
}
