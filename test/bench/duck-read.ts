/** What DuckDB alone needs to read a bill into daily sums per resource: nothing verified, described, split or stored. */
import { DuckDBInstance } from '@duckdb/node-api'
import { seconds } from './harness.ts'

/** Seconds, and the billed sum it found. */
export async function duckRead(file: string): Promise<{ took: number; billed: string }> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const connection = await instance.connect()
  const source = file.endsWith('.parquet') ? `read_parquet('${file}')` : `read_csv('${file}', all_varchar = true)`
  try {
    const took = await seconds(() =>
      connection.run(`
        create table days as
        select "lineItem/UsageStartDate"[:10]::date as day, "lineItem/UsageAccountId", "lineItem/ProductCode", "product/region",
          "lineItem/ResourceId", "lineItem/LineItemType", sum("lineItem/UnblendedCost"::decimal(38, 10)) as billed,
          sum(coalesce(nullif("savingsPlan/SavingsPlanEffectiveCost", ''), "lineItem/UnblendedCost")::decimal(38, 10)) as effective,
          count(*) as lines
        from ${source} group by all`),
    )
    const [row] = (await connection.runAndReadAll('select sum(billed)::varchar as billed from days')).getRowObjects()
    return { took, billed: row!['billed'] as string }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
