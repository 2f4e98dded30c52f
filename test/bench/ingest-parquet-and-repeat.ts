/** Goals 5 and 7: the same report as Parquet, beside DuckDB that only adds it up; the same again in place of itself; unchanged. */
import { join } from 'node:path'
import { writeBill, writeParquet } from './bills.ts'
import { duckRead } from './duck-read.ts'
import { seconds, type Bench } from './harness.ts'
import { units } from './ingest-csv.ts'
import { ingestWorld } from './ingest-world.ts'

export const bench: Bench = {
  name: 'ingest-parquet-and-repeat',
  async open({ quick }) {
    const lines = quick ? 100_000 : 1_000_000
    const w = await ingestWorld()
    const [plain, packed, parquet] = ['bill.csv', 'bill.csv.gz', 'bill.parquet'].map((name) => join(w.folder, name))
    const tally = { units: 0n }
    await writeBill(plain!, { lines, tally })
    await writeBill(packed!, { lines })
    await writeParquet(plain!, parquet!)
    const kept = await w.account()
    const billed: Record<string, string> = {}
    const first = (name: string, file: string) => async () => {
      const account = await w.account()
      const took = await seconds(async () => (billed[name] = (await w.ingest(account, file)).billed!))
      await w.forget(account)
      return took
    }
    await w.ingest(kept, packed!)
    return {
      unit: 's',
      contenders: [
        { name: 'CSV.gz', run: first('CSV.gz', packed!) },
        { name: 'Parquet', run: first('Parquet', parquet!) },
        {
          name: 'DuckDB on Parquet',
          run: async () => {
            const read = await duckRead(parquet!)
            billed['DuckDB'] = read.billed
            return read.took
          },
        },
        {
          name: 'again',
          run: async () => {
            await w.database.sql`update bill_scopes set assembly = 'another' where account_id = ${kept.id}`
            return seconds(async () => (billed['again'] = (await w.ingest(kept, packed!)).billed!))
          },
        },
        { name: 'unchanged', run: () => seconds(() => w.ingest(kept, packed!, 'unchanged')) },
      ],
      gates: [
        {
          goal: 'Parquet ÷ CSV.gz (goal 5)',
          atMost: quick ? 1.2 : 0.75,
          value: (best) => best('Parquet') / best('CSV.gz'),
        },
        { goal: 'again ÷ first (goal 7)', atMost: 1.5, value: (best) => best('again') / best('CSV.gz') },
        { goal: 'unchanged ÷ first', atMost: 0.2, value: (best) => best('unchanged') / best('CSV.gz') },
      ],
      async compare() {
        const wrong = Object.entries(billed).filter(([, amount]) => units(amount) !== tally.units)
        if (wrong.length) throw new Error(`Not the written sum: ${JSON.stringify(wrong)}`)
        const written = async () => {
          const [row] = await w.database
            .sql`select pg_stat_force_next_flush(), sum(n_tup_ins + n_tup_upd + n_tup_del)::int as rows
            from pg_stat_user_tables where relname like 'expenses%' or relname in ('spend_days', 'spend_months', 'resources')`
          return row!.rows as number
        }
        const before = await written()
        await w.ingest(kept, packed!, 'unchanged')
        if ((await written()) !== before) throw new Error('An unchanged bill wrote rows')
        return `all add up to ${billed['CSV.gz']}; the unchanged one wrote 0 rows`
      },
      close: () => w.close(),
    }
  },
}
