/**
 * Organizations are kept apart by PostgreSQL itself: doors work as a role without a login that sees the rows of one
 * organization. Migrations and jobs work as the owner of the tables, whom no policy binds.
 */
import postgres from 'postgres'
import type { Sql } from './client.ts'

/** Its name is fixed, so that who may not make roles can be given it: `create role finops_tenant; grant finops_tenant to <user>`. */
export const tenantRole = 'finops_tenant'

/** The organization of the transaction, looked up once a statement; none, no row. */
const own = `(select nullif(current_setting('app.org', true), '')::uuid)`

/**
 * Equality that the planner takes for a filter it knows nothing about. With `=` each joined table looks as small as an
 * average organization, and the biggest one gets plans three times as slow (measured); so plans stay what queries ask for.
 */
const equality = 'create operator === (leftarg = uuid, rightarg = uuid, function = uuid_eq)'

const ofCheck = (table: string) => `exists (select from duplicate_checks c where c.id = ${table}.check_id)`

/** Whose a row is in tables without `org_id`; what it belongs to is looked up under the policy of that table. */
export const indirect: Record<string, string> = {
  organizations: `id === ${own}`,
  rejected_lines: 'exists (select from imports i where i.id = rejected_lines.import_id)',
  property_changes: 'exists (select from environments e where e.id = property_changes.environment_id)',
  duplicate_buckets: ofCheck('duplicate_buckets'),
  duplicate_pairs: ofCheck('duplicate_pairs'),
  duplicate_groups: ofCheck('duplicate_groups'),
  duplicate_objects: ofCheck('duplicate_objects'),
}

/** What clouds offer is the same for everybody; doors read it and jobs write it. */
export const shared = ['machine_types', 'spot_prices', 'commitment_offers', 'price_readings', 'cloud_regions']

/** Not for doors that know whose request it is: deliveries of Slack that were seen. */
export const closed = ['slack_seen']

type Relation = {
  name: string
  kind: 'table' | 'view'
  tenanted: boolean
  secured: boolean
  policed: boolean
  granted: boolean
}

/**
 * Makes whatever is missing: the role, policies and grants of tables, the functions that turn a transaction into one
 * organization's, hold its jobs and open the queue. Runs after the migrations at every start, so a new table is covered by having `org_id`; a changed
 * policy wants a migration that drops the old one. Null, or why this user cannot: then queries alone keep organizations
 * apart. Throws when the tables are another user's, under whose policies this one would see nothing.
 */
export async function keepApart(sql: Sql): Promise<string | null> {
  const [blind] =
    await sql`select relname from pg_class where relrowsecurity and relnamespace = current_schema()::regnamespace
    and row_security_active(oid) limit 1`
  if (blind) throw new Error('its tables belong to another user, and row-level security hides their rows from this one')
  const why = await whyNoRole(sql)
  await sql.begin(async (tx) => {
    if (why === null) {
      const [{ schema } = { schema: 'public' }] = await tx<{ schema: string }[]>`select current_schema() as schema`
      const [made] = await tx`select to_regoperator('===(uuid,uuid)') is not null as found`
      const relations = await listRelations(tx)
      const statements = [...relations.flatMap(statementsOf), ...grantsIn(schema)]
      await tx.unsafe([...(made!.found ? [] : [equality]), ...statements].join(';\n'))
    }
    await tx.unsafe(enterFunction(why === null))
    await tx.unsafe(holdFunction)
    await tx.unsafe(openFunction(why === null))
  })
  return why
}

/** Others may make the role at this moment, from other databases of this server: what counts is whether it works afterwards. */
async function whyNoRole(sql: Sql): Promise<string | null> {
  const become = () =>
    sql
      .begin((tx) => tx.unsafe(`set local role ${tenantRole}`))
      .then(
        () => null,
        (error: unknown) => {
          if (error instanceof postgres.PostgresError) return error.message
          throw error
        },
      )
  if ((await become()) === null) return null
  await sql.unsafe(`create role ${tenantRole} nologin`).catch(() => {})
  await sql.unsafe(`grant ${tenantRole} to session_user`).catch(() => {})
  return become()
}

/** Tables and views of ours. Partitions are left out: without a grant they are reached through their parent only, whose policy holds. */
const listRelations = (sql: postgres.TransactionSql) => sql<Relation[]>`
  select c.relname as name, case when c.relkind = 'v' then 'view' else 'table' end as kind, c.relrowsecurity as secured,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped) as tenanted,
    exists (select from pg_policy p where p.polrelid = c.oid) as policed,
    has_table_privilege(${tenantRole}, c.oid, 'select') as granted
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
  order by c.relname`

function statementsOf({ name, kind, tenanted, secured, policed, granted }: Relation): string[] {
  const rule = indirect[name] ?? (tenanted ? `org_id === ${own}` : null)
  const grant = (what: string) => (granted ? [] : [`grant ${what} on "${name}" to ${tenantRole}`])
  if (kind === 'view')
    // Or a view reads as its owner, whom no policy binds.
    return granted ? [] : [`alter view "${name}" set (security_invoker = true)`, ...grant('select')]
  if (rule === null) return shared.includes(name) ? grant('select') : []
  return [
    ...(policed ? [] : [`create policy own_organization on "${name}" to ${tenantRole} using (${rule})`]),
    ...(secured ? [] : [`alter table "${name}" enable row level security`]),
    ...grant('select, insert, update, delete'),
  ]
}

/** Verbs queue jobs in their transaction. pg-boss makes its tables later, so its schema is made here and opened by `open_queue`. */
const grantsIn = (schema: string): string[] => [
  `grant usage on schema "${schema}" to ${tenantRole}`,
  `grant usage on all sequences in schema "${schema}" to ${tenantRole}`,
  'create schema if not exists pgboss',
  `grant usage on schema pgboss to ${tenantRole}`,
  `alter default privileges in schema pgboss revoke all on tables from ${tenantRole}`,
]

/** The one place that knows whether the role is used, so no caller asks. Once it is, a role that went away is an error, not a way around. */
const enterFunction = (asTenant: boolean): string => `
  create or replace function enter_organization(org uuid) returns void language plpgsql as $$
  begin
    perform set_config('app.org', org::text, true);
    ${asTenant ? `perform set_config('role', '${tenantRole}', true);` : ''}
  end $$`

/**
 * What doors may do with the queue, called when its tables are there: add jobs and read back their ids, and what a queue's
 * settings are. Whose the other jobs are is nobody's business.
 */
const openFunction = (asTenant: boolean): string => `
  create or replace function open_queue() returns void language plpgsql as $$
  declare jobs text;
  begin
    ${asTenant ? opening : 'null;'}
  end $$`

const opening = `
    perform pg_advisory_xact_lock(hashtextextended('finops queue', 0));
    revoke all on all tables in schema pgboss from ${tenantRole};
    grant select on pgboss.queue to ${tenantRole};
    for jobs in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'singleton_key'
      where c.relnamespace = 'pgboss'::regnamespace and c.relkind in ('r', 'p')
    loop
      execute format('grant insert, select (id, start_after) on pgboss.%I to ${tenantRole}', jobs);
    end loop;`

/**
 * Keeps a waiting job from being taken until the transaction ends (workers skip what is locked); false when none waits any
 * more. Doors may add jobs and change none, so it runs as the owner of the queue.
 */
const holdFunction = `
  create or replace function hold_waiting_job(queue text, key text) returns boolean language plpgsql security definer
  set search_path = pg_catalog as $$
  begin
    perform from pgboss.job where name = queue and singleton_key = key and state = 'created' for key share;
    return found;
  end $$`
