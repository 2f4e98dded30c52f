/**
 * Goals 1 and 3: a cost and usage report, gzip, from file to committed daily rows of costs and of usage with rollups,
 * against what one writes with npm's csv-parse and multi-row upserts to keep the same facts (which does not even make daily
 * rows or check the file), against DuckDB that only adds up the same
 * file, and against Node's gunzip alone.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { writeBill } from './bills.ts'
import { duckRead } from './duck-read.ts'
import { seconds, type Bench } from './harness.ts'
import { ingestWorld, type IngestWorld } from './ingest-world.ts'

export const bench: Bench = {
  name: 'ingest-csv',
  async open({ quick }) {
    const lines = quick ? 100_000 : 1_000_000
    /** The loop takes minutes for a million lines; it reads a part, counted per line. */
    const part = Math.min(lines, 100_000)
    const w = await ingestWorld()
    const [file, partFile] = [join(w.folder, 'bill.csv.gz'), join(w.folder, 'part.csv.gz')]
    const [tally, partTally] = [{ units: 0n }, { units: 0n }]
    await writeBill(file, { lines, tally })
    await writeBill(partFile, { lines: part, tally: partTally })
    let [ours, theirs] = ['', '']
    return {
      unit: 's',
      contenders: [
        {
          name: 'ours',
          run: async () => {
            const account = await w.account()
            const took = await seconds(async () => (ours = (await w.ingest(account, file)).billed!))
            await w.forget(account)
            return took
          },
        },
        { name: 'peer csv-parse + upsert', run: async () => ((await upsertLoop(w, partFile)) * lines) / part },
        {
          name: 'DuckDB',
          run: async () => {
            const { took, billed } = await duckRead(file)
            theirs = billed
            return took
          },
        },
        { name: 'floor gunzip', run: () => seconds(() => pipeline(createReadStream(file), createGunzip(), nowhere())) },
      ],
      gates: [
        {
          goal: 'ingest ÷ gunzip (goal 1)',
          atMost: quick ? 20 : 6,
          value: (best) => best('ours') / best('floor gunzip'),
        },
        {
          goal: 'speed ÷ csv-parse + upsert (goal 3)',
          atLeast: quick ? 3 : 6,
          value: (best) => best('peer csv-parse + upsert') / best('ours'),
        },
      ],
      async compare() {
        const [peer] = await w.database.sql`select sum(cost)::text as cost from by_line`
        if (units(ours) !== tally.units) throw new Error(`Stored ${ours}, written ${tally.units}e-10`)
        if (units(theirs) !== tally.units) throw new Error(`DuckDB says ${theirs}`)
        if (units(peer!.cost as string) !== partTally.units) throw new Error(`The loop stored ${peer!.cost}`)
        return `${lines} lines add up to ${ours}, as the generator counted`
      },
      close: () => w.close(),
    }
  },
}

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** An amount of up to ten decimals in units of 1e-10. */
export function units(amount: string): bigint {
  const [whole = '0', decimals = ''] = amount.replace('-', '').split('.')
  const size = BigInt(whole + decimals.padEnd(10, '0'))
  return amount.startsWith('-') ? -size : size
}

/** The usual importer: parse into objects, upsert 500 at a time by the line's id. */
async function upsertLoop({ database: { sql } }: IngestWorld, file: string): Promise<number> {
  await sql`create table if not exists by_line (id text primary key, day date, account text, service text, region text,
    resource text, type text, usage text, operation text, cost numeric, effective numeric, tags jsonb, flavor text, os text,
    sku text, zone text, term text, unit text, commitment text, quantity numeric, list numeric, rate numeric,
    starts_at timestamptz, ends_at timestamptz)`
  await sql`truncate by_line`
  const write = async (rows: Record<string, string>[]) => {
    const values = rows.map((row) => ({
      id: row['identity/LineItemId']!,
      day: row['lineItem/UsageStartDate']!.slice(0, 10),
      account: row['lineItem/UsageAccountId']!,
      service: row['lineItem/ProductCode']!,
      region: row['product/region']!,
      resource: row['lineItem/ResourceId']!,
      type: row['lineItem/LineItemType']!,
      usage: row['lineItem/UsageType']!,
      operation: row['lineItem/Operation']!,
      cost: row['lineItem/UnblendedCost']!,
      effective: row['savingsPlan/SavingsPlanEffectiveCost'] || row['lineItem/UnblendedCost']!,
      tags: JSON.stringify({ team: row['resourceTags/user:team'], env: row['resourceTags/user:env'] }),
      // What was used: machine hours, storage, requests, commitments.
      flavor: row['product/instanceType']!,
      os: row['product/operatingSystem']!,
      sku: row['product/sku']!,
      zone: row['lineItem/AvailabilityZone']!,
      term: row['pricing/term']!,
      unit: row['pricing/unit']!,
      commitment: row['savingsPlan/SavingsPlanARN'] || row['reservation/ReservationARN']!,
      quantity: row['lineItem/UsageAmount'] || null,
      list: row['pricing/publicOnDemandCost'] || null,
      rate: row['pricing/publicOnDemandRate'] || null,
      starts_at: row['lineItem/UsageStartDate']!,
      ends_at: row['lineItem/UsageEndDate']!,
    }))
    await sql`insert into by_line ${sql(values)} on conflict (id) do update set cost = excluded.cost,
      effective = excluded.effective, tags = excluded.tags, quantity = excluded.quantity, list = excluded.list`
  }
  return seconds(async () => {
    const parser = createReadStream(file)
      .pipe(createGunzip())
      .pipe(parse({ columns: true }))
    let rows: Record<string, string>[] = []
    for await (const row of parser) {
      rows.push(row as Record<string, string>)
      if (rows.length < 500) continue
      await write(rows)
      rows = []
    }
    if (rows.length) await write(rows)
  })
}
