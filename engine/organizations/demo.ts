/**
 * The demo organization of the sandbox, made through the same verbs people use: people, pools, accounts, rules and
 * environments. What needs real costs is set after the bills are read, in demo-situation.ts.
 */
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Organization, Person } from '../../db/schema/organizations.ts'
import type { Role } from '../../db/vocabulary.ts'
import type { Credentials } from '../../integrations/cloud.ts'
import { connectAccount } from '../accounts/connect.ts'
import { createRule } from '../assignment/rules.ts'
import { contextFor, inTransaction, jobActor, type Context, type Deps } from '../context.ts'
import { createEnvironment } from '../environments/environment.ts'
import { createPool } from '../pools/pool.ts'
import { addPerson } from './members.ts'
import { createOrganization } from './organization.ts'

/** A person of the demo: `role` on the pool of that name, or on the organization. */
export type DemoPerson = { name: string; email: string; zone: string; role: Role; pool: string | null }
export type DemoAccountPlan = {
  name: string
  cloud: Exclude<Account['cloud'], 'environment'>
  cloudAccountId: string
  credentials: Credentials
  settings: Record<string, string>
}
export type DemoPlan = {
  name: string
  people: [DemoPerson, ...DemoPerson[]]
  accounts: DemoAccountPlan[]
  channel: string
}
export type Demo = { organization: Organization; people: Person[]; accounts: Account[] }

const pools = [
  { name: 'Engineering', parent: null },
  { name: 'Payments', parent: 'Engineering' },
  { name: 'Data platform', parent: 'Engineering' },
  { name: 'QA', parent: 'Engineering' },
  { name: 'Marketing', parent: null },
] as const

/**
 * Makes the organization, its people, pools, accounts and rules in one transaction: killed halfway, nothing is there.
 * Connecting an account queues its first import.
 */
export async function prepareDemo(deps: Deps, plan: DemoPlan): Promise<Demo> {
  // jobs may: the installation itself makes it. no event: every verb inside records its own.
  return inTransaction(contextFor(deps, '', jobActor('setup')), (open) => prepareInside(open, plan))
}

async function prepareInside(open: Context, plan: DemoPlan): Promise<Demo> {
  const [first, ...others] = plan.people
  const { organization, manager, rootPoolId } = await createOrganization(open, {
    name: plan.name,
    currency: 'USD',
    isDemo: true,
    manager: { name: first.name, email: first.email, zone: first.zone },
  })
  const ctx: Context = { ...open, orgId: organization.id, actor: { personId: manager.id, door: 'terminal' } }
  const ids = new Map<string, string>()
  for (const { name, parent } of pools) {
    const made = await createPool(ctx, { name, parentId: parent ? ids.get(parent)! : rootPoolId })
    ids.set(name, made.id)
  }
  const people = [manager]
  for (const { pool, ...person } of others)
    people.push(await addPerson(ctx, { ...person, poolId: pool ? ids.get(pool)! : null }))
  const accounts: Account[] = []
  for (const account of plan.accounts) accounts.push(await connectAccount(ctx, { ...account, despite: true }))
  await makeRules(ctx, { ids, people, accounts })
  for (const { name, ...more } of environments)
    await createEnvironment(ctx, { name, channel: plan.channel, poolId: ids.get('QA')!, ...more })
  return { organization, people, accounts }
}

const environments = [
  {
    name: 'stage-1',
    type: 'Kubernetes namespace',
    hourlyCost: '0.84',
    properties: { URL: 'https://stage-1.acme.example', Version: '2026.11.3' },
  },
  {
    name: 'stage-2',
    type: 'Kubernetes namespace',
    hourlyCost: '1.38',
    properties: { URL: 'https://stage-2.acme.example', Version: '2026.11.4' },
  },
  { name: 'qa-stand', type: 'QA stand', hourlyCost: '0.35', properties: { Software: 'Debian 12, Postgres 16' } },
  {
    name: 'load-lab',
    type: 'Dev stand',
    hourlyCost: '4.10',
    maxHours: 24,
    properties: { Description: 'Four load generators' },
  },
]

/** Rules by what the real resources carry: tags, types, sources and regions. A rule made later is checked earlier. */
async function makeRules(
  ctx: Context,
  { ids, people, accounts }: { ids: Map<string, string>; people: Person[]; accounts: Account[] },
): Promise<void> {
  const person = (name: string) => people.find((one) => one.name.startsWith(name))?.id ?? null
  const account = (name: string) => accounts.find((one) => one.name === name)!.id
  const rules = [
    { name: 'Marketing account', pool: 'Marketing', owner: null, kind: 'source-is', value: account('AWS Marketing') },
    {
      name: 'Kubernetes cluster',
      pool: 'Payments',
      owner: person('Tom'),
      kind: 'source-is',
      value: account('Kubernetes dev'),
    },
    { name: 'Production region', pool: 'Payments', owner: person('Priya'), kind: 'region-is', value: 'us-east-1' },
    { name: 'Analytics', pool: 'Data platform', owner: null, kind: 'type-is', value: 'BigQuery' },
    { name: 'Data buckets', pool: 'Data platform', owner: null, kind: 'type-is', value: 'Bucket' },
    { name: 'Azure QA account', pool: 'QA', owner: null, kind: 'source-is', value: account('Azure QA') },
    { name: 'Test machines', pool: 'QA', owner: person('Priya'), kind: 'name-contains', value: 'test' },
  ]
  for (const { name, pool, owner, kind, value } of rules) {
    await createRule(ctx, { name, poolId: ids.get(pool)!, ownerId: owner, conditions: [{ kind, value }] })
  }
}
