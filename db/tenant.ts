/**
 * A connection that sees one organization: every statement runs in a transaction that first became the tenant role of
 * `db/row-security.ts`. What it set ends with the transaction, so connections of one pool carry nothing over.
 */
import { drizzle } from 'drizzle-orm/postgres-js'
import type { TransactionSql } from 'postgres'
import { rawSql, type Db, type Sql } from './client.ts'

const bindings = new WeakMap<Db, { owner: Db; orgId: string }>()

/**
 * `db` for one organization only: a query that forgets its filter finds nothing of others and cannot write for them.
 * Takes the pool's connection or a bound one, not an open transaction. A statement of its own costs two round trips more;
 * in a transaction the first statement carries the setting along.
 */
export function tenantDb(db: Db, orgId: string): Db {
  const binding = bindings.get(db)
  if (binding?.orgId === orgId) return db
  const owner = binding?.owner ?? db
  const made: Db = drizzle(tenantClient(rawSql(owner), orgId))
  bindings.set(made, { owner, orgId })
  return made
}

/**
 * The part of postgres.js that drizzle calls.
 * Guarantee: its session calls `unsafe` (at once followed by `values` or nothing) and `begin`, and copies `options`.
 */
function tenantClient(client: Sql, orgId: string): Sql {
  if (!/^[0-9a-f-]{36}$/i.test(orgId)) throw new Error(`“${orgId}” is no organization.`)
  const enter = `select enter_organization('${orgId}')`
  const begin = (work: (tx: TransactionSql) => unknown) =>
    client.begin((tx) => {
      // Sent together with the first statement. Should it fail, the transaction is void and rejects with its error.
      void tx.unsafe(enter).execute()
      return work(tx)
    })
  const unsafe = (...[query, params, options]: Parameters<Sql['unsafe']>) => {
    let asValues = false
    const run = (tx: TransactionSql) => {
      const asked = tx.unsafe(query, params, options)
      return asValues ? asked.values() : asked
    }
    const done = Promise.resolve().then(() => begin(run))
    const values = () => {
      asValues = true
      return done
    }
    return Object.assign(done, { values })
  }
  const refuse = () => {
    throw new Error('COPY, cursors and templates of an organization need an open transaction.')
  }
  return Object.assign(refuse, { options: client.options, unsafe, begin }) as unknown as Sql
}
