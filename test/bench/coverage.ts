/**
 * Coverage of a month through the product's own answer, where every machine of a big organization has a line of usage
 * every day: from the rollup, against the same sums straight from the usage; and what making the rollup costs.
 */
import { listCoverage } from '../../db/queries/commitments.ts'
import { replaceCoverage } from '../../db/queries/coverage-days.ts'
import type { Database } from '../../db/client.ts'
import { coverageReport } from '../../engine/commitments/coverage.ts'
import { readCommitments } from '../../engine/commitments/offers.ts'
import { purchaseSuggestions } from '../../engine/commitments/suggestions.ts'
import { seconds, type Bench } from './harness.ts'
import { ingestWorld } from './ingest-world.ts'

const month = { from: '2026-10-01', to: '2026-10-30' }
const period = '2026-10-01'
const plans = 200

export const bench: Bench = {
  name: 'coverage',
  async open({ quick }) {
    const machines = quick ? 10_000 : 1_000_000
    const w = await ingestWorld(['shared_buffers=1GB', 'max_wal_size=8GB', 'synchronous_commit=off'])
    const { orgId, db } = w.ctx
    const accountId = await furnish(w.database, orgId, machines)
    const scope = { orgId, accountId, period }
    const rollup = () => db.transaction((tx) => replaceCoverage(tx, scope))
    await rollup()
    await w.database.sql`vacuum analyze coverage_days, usage`
    const ms = async (work: () => Promise<unknown>) => 1000 * (await seconds(work))
    const ctx = { ...w.ctx, now: () => new Date('2026-10-31T10:00:00Z') }
    return {
      unit: 'ms',
      contenders: [
        {
          name: `coverage of a month, ${(machines * 30) / 1e6}M lines`,
          run: () => ms(() => coverageReport(ctx, { range: month })),
        },
        { name: 'commitments', run: () => ms(() => readCommitments(ctx, { range: month })) },
        { name: 'suggestions', run: () => ms(() => purchaseSuggestions(ctx)) },
        { name: 'sums of the usage', run: () => ms(() => sums(w.database, orgId)) },
        { name: 'rollup of the month', run: () => ms(rollup) },
      ],
      gates: [
        {
          goal: 'answer ÷ sums of the usage',
          atMost: quick ? 5 : 0.2,
          value: (best) => best(`coverage of a month, ${(machines * 30) / 1e6}M lines`) / best('sums of the usage'),
        },
      ],
      async compare() {
        const all = (await listCoverage(db, { orgId, ...month, today: '2026-10-31' })).find(
          ({ level }) => level === 'all',
        )!
        const [raw] = await sums(w.database, orgId)
        if (Number(all.hours) !== Number(raw!['hours']) || Number(all.spCost) !== Number(raw!['sp']))
          throw new Error(`Answered ${all.hours} hours, usage says ${JSON.stringify(raw)}`)
        const [size] = await w.database.sql`select count(*)::int as rows from coverage_days`
        return `${all.hours} hours; ${size!['rows']} rows of rollup`
      },
      close: () => w.close(),
    }
  },
}

/** Machines of 40 types in 8 regions, a line a day; one in three is paid by one of the plans. */
async function furnish({ sql }: Database, orgId: string, machines: number): Promise<string> {
  const [account] =
    await sql`insert into accounts (org_id, name, cloud, cloud_account_id) values (${orgId}, 'year', 'aws', 'year') returning id`
  const accountId = account!['id'] as string
  await sql`select ensure_months('usage', ${month.from}::date, ${month.to}::date)`
  await sql`
    insert into usage (org_id, account_id, period, day, resource_id, kind, item, sub_account, flavor, os, software, tenancy, region,
      unit, commitment, quantity, billed, effective, list, normalization, starts_at, ends_at, lines)
    select ${orgId}, ${accountId}, ${period}, d::date, m.id, 'compute', case n % 3 when 0 then 'SavingsPlanCoveredUsage' else 'Usage' end,
      'account ' || n % 20, (array['m5', 'c5', 'r5', 't3', 'm6i'])[1 + n % 5] || '.' || (array['large', 'xlarge', '2xlarge', '4xlarge',
      '8xlarge', 'medium', 'small', '12xlarge'])[1 + (n / 5) % 8], 'Linux', 'NA', 'Shared', 'region-' || (n / 40) % 8, 'Hrs',
      case n % 3 when 0 then 'plan-' || (n / 3) % ${plans}::int else '' end, 24, 2.4, case n % 3 when 0 then 1.6 else 2.4 end, 2.4, 4, d,
      d + interval '1 day', 24
    from generate_series(${month.from}::timestamptz, ${month.to}::timestamptz, interval '1 day') d
    cross join (select n, gen_random_uuid() as id from generate_series(1, ${machines}::int) n) m`
  await sql`
    insert into usage (org_id, account_id, period, day, resource_id, kind, item, region, commitment, quantity, billed, effective, list,
      committed, starts_at, ends_at, lines)
    select ${orgId}, ${accountId}, ${period}, d::date, gen_random_uuid(), 'commitment', 'SavingsPlanRecurringFee', 'global', 'plan-' || p, 24,
      1, 0, 1, 100000, d, d + interval '1 day', 24
    from generate_series(${month.from}::timestamptz, ${month.to}::timestamptz, interval '1 day') d cross join generate_series(0, ${plans - 1}::int) p`
  return accountId
}

/** The smallest question there is, without a rollup. */
const sums = ({ sql }: Database, orgId: string) => sql`
  select sum(quantity) as hours, sum(effective) filter (where item = 'SavingsPlanCoveredUsage') as sp
  from usage where org_id = ${orgId} and kind in ('compute', 'database') and day between ${month.from} and ${month.to}`
