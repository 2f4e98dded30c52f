import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { coverageReport, coverageWords, type CoverageReport } from '../../engine/commitments/coverage.ts'
import { coverageCsv, hourSeries } from '../../engine/commitments/drawing.ts'
import { purchaseSuggestions } from '../../engine/commitments/suggestions.ts'
import type { ChartSpec } from '../../engine/spend/chart.ts'
import { ceilings } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { defaulted, optional, quote } from '../grammar.ts'
import coverageAnswer, { type CoverageFacts } from '../messages/coverage-answer.ts'
import { readRange, type NamedRange } from '../moments.ts'
import { inRange } from '../ranges.ts'
import { called, files, say, UnclearError } from '../reply.ts'
import { range, scope, type Scope } from '../slots.ts'
import { dayInWords } from '../words.ts'
import { command } from './command.ts'

/** How much of the machine time reservations and savings plans pay for, what of them is wasted, and what could be bought. */
export default command({
  verb: 'coverage',
  aliases: ['commitments', 'reservations'],
  summary: 'What reservations and savings plans cover',
  usage: '[30d|month|2026-10] [for account:name]',
  examples: ['coverage', 'coverage 30d', 'coverage last-month', 'coverage 30d --csv'],
  effect: 'none',
  takes: { scope: optional(scope), range: defaulted(range, ({ now }) => readRange('mtd', now)!) },
  async run(ctx, { scope: asked, range, flags }) {
    const account = await accountOf(ctx, asked, range)
    const where = account ? { accountId: account.id } : {}
    const { from, to, token } = range
    const report = await coverageReport(ctx, { range: { from, to }, ...where })
    if (flags.csv) {
      const text = `Coverage per day, ${from} to ${to}: effective cost, ${report.currency}.`
      return files(text, { name: `coverage-${from}-${to}.csv`, content: coverageCsv(report, 'days') })
    }
    const [best] = await purchaseSuggestions(ctx, where)
    const { total } = report
    const facts: CoverageFacts = {
      ...{ scope: account?.name ?? 'Everything', when: inRange(range), range: token, plain: flags.text ?? false },
      through: report.through ? new Date(`${report.through}T00:00:00Z`) : null,
      ...{ percent: total.percent, hoursPercent: total.hoursPercent, state: coverageWords[total.state] },
      ...{ hours: total.hours, cost: total.cost, saving: total.saving, waste: total.waste, net: total.netSaving },
      rows: rowsOf(report),
      series: flags.text ? null : seriesOf(report, range),
      advice: best
        ? { ...best.best, account: best.account, region: best.region, family: best.family, system: best.system }
        : null,
      link: `/coverage?${new URLSearchParams({ from, to, ...(account ? { account: account.id } : {}) }).toString()}`,
    }
    return say(coverageAnswer, facts, flags.text ? null : chartOf(report, range))
  },
})

/** The account a question means, also without the word `account:`; null for everything. */
async function accountOf(ctx: BotContext, asked: Scope | undefined, range: NamedRange) {
  if (!asked || asked.kind === 'everything') return null
  const name = asked.kind === 'account' || asked.kind === 'pool' ? asked.name : null
  const all = (await listAccounts(ctx.db, { orgId: ctx.orgId })).filter(({ cloud }) => cloud !== 'environment')
  const command = (full: string) => `coverage ${range.token} for account: ${quote(full)}`
  if (name) return called(all, { name, kind: 'account' }, command)
  throw new UnclearError(
    'Coverage is known of accounts, not of pools or people.',
    all.map((one) => ({ label: one.name, command: command(one.name) })),
  )
}

function rowsOf({ accounts, families, regions }: CoverageReport): CoverageFacts['rows'] {
  const many = accounts.length > 1 ? accounts : families.length > 1 ? families : regions
  return many.slice(0, 20).map(({ label, percent, hours, cost, saving, waste }) => ({
    ...{ label, percent, hours, cost, saving, waste },
  }))
}

const titleOf = (range: NamedRange) => `Machine hours per day ${inRange(range)}`

function seriesOf(report: CoverageReport, range: NamedRange): CoverageFacts['series'] {
  const days = report.days.filter(({ day }) => report.through !== null && day <= report.through)
  if (days.length < 2 || days.length > ceilings.points || Number(report.total.hours) === 0) return null
  const lines = hourSeries({ ...report, days }).map(({ name, values }) => ({
    name,
    values: values.map((value) => value ?? 0),
  }))
  return { title: titleOf(range), days: days.map(({ day }) => dayInWords(day)), lines }
}

/** The picture for more days than Slack draws, or null. */
function chartOf(report: CoverageReport, range: NamedRange): ChartSpec | null {
  const days = report.days.filter(({ day }) => report.through !== null && day <= report.through)
  if (days.length <= ceilings.points || Number(report.total.hours) === 0) return null
  const drawn = { ...report, days }
  return {
    ...{ kind: days.length > 40 ? 'area' : 'bar', title: titleOf(range), unit: 'h', width: 420, height: 320 },
    categories: days.map(({ day }) => day),
    series: hourSeries(drawn),
  }
}
