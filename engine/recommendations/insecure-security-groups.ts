/**
 * An instance whose security group lets the whole internet in on a port for administration invites attackers.
 *
 * Reported when an inbound rule of one of its groups lets everybody (`0.0.0.0/0` or `::/0`) in on one of
 * `insecure_ports`, or on everything; once per instance and group. Saving: none, it is about safety. Ends as deleted when the instance is gone, as failed when the group was taken
 * off it, as applied when the group was changed. Source: discovery.
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, seenNow, type Check } from './recommendation.ts'

const port = z.object({ port: z.number().int().min(0).max(65535), protocol: z.enum(['tcp', 'udp']) })
type Port = z.infer<typeof port>

const insecurePorts = z
  .array(port)
  .max(100)
  .refine(
    (ports) => new Set(ports.map((one) => `${one.protocol}/${one.port}`)).size === ports.length,
    'names a port twice',
  )
  .default([
    { port: 22, protocol: 'tcp' },
    { port: 3389, protocol: 'tcp' },
  ])
  .meta({ label: 'Insecure ports', unit: 'ports', hint: 'One a line, like 22/tcp' })

/**
 * What the open rules of the security group `g` let in, as a lateral table of one row `ports` (null: nothing insecure).
 * Everything is `{port: "*", protocol: null}` and says enough.
 */
const openPorts = (ports: Port[]): SQL => sql`(
  select case when bool_or(x.port is null) then '[{"port": "*", "protocol": null}]'::jsonb
    else jsonb_agg(distinct jsonb_build_object('port', x.port, 'protocol', x.protocol)) end as ports
  from jsonb_array_elements(g.facts->'rules') rule
  cross join lateral (
    select null::int as port, null::text as protocol
    where rule->>'protocol' = '-1' or rule->>'protocol' in ('tcp', 'udp')
      and coalesce((rule->>'from')::int, 0) = 0 and coalesce((rule->>'to')::int, 65535) = 65535
    union all
    select p.port, p.protocol from jsonb_to_recordset(${JSON.stringify(ports)}::text::jsonb) as p (port int, protocol text)
    where rule->>'protocol' = p.protocol and p.port between (rule->>'from')::int and (rule->>'to')::int
  ) x
  where rule->'cidrs' ?| array['0.0.0.0/0', '::/0']
)`

const groups = (check: Check): SQL =>
  sql`g.org_id = ${check.orgId} and g.account_id = ${check.accountId} and g.kind = 'security_group' and g.active`
const attached = sql`r.facts->'securityGroups' @> jsonb_build_array(jsonb_build_object('id', f.evidence->>'security_group_id'))`

export default recommendation({
  id: 'insecure_security_groups',
  title: 'Instances with insecure security groups',
  category: 'security',
  advice: 'Narrow the rule to the addresses that need it.',
  clouds: ['aws'],
  services: ['EC2 VPC'],
  inputs: ['discovery Instance', 'discovery security_group'],
  dismissable: false,
  excludable: true,
  ownKey: true,
  options: z.object({ insecure_ports: insecurePorts }),
  evidence: z.object({
    security_group_id: z.string().meta({ label: 'Security group id' }),
    security_group_name: z.string().meta({ label: 'Security group' }),
    insecure_ports: z
      .array(z.object({ port: z.union([z.number(), z.literal('*')]), protocol: z.string().nullable() }))
      .meta({ label: 'Open to everybody', unit: 'ports' }),
  }),
  find: (check, { insecure_ports: ports }) => sql`
    with insecure as materialized (
      select g.cloud_id, g.name, o.ports from inventory g cross join lateral ${openPorts(ports)} o
      where ${groups(check)} and o.ports is not null
    )
    select r.id as resource_id, r.cloud_resource_id || ' ' || i.cloud_id as key, null::numeric as saving,
      jsonb_build_object('security_group_id', i.cloud_id, 'security_group_name', i.name, 'insecure_ports', i.ports) as evidence
    from resources r
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(r.facts->'securityGroups') = 'array' then r.facts->'securityGroups' else '[]' end) s
    join insecure i on i.cloud_id = s->>'id'
    where ${seenNow(check, 'Instance')}`,
  ended: (check, { insecure_ports: ports }) => sql`case
    when r.active is not true then 'resource_deleted'
    when not ${attached} then 'failed_dependency'
    when not exists (select from inventory g cross join lateral ${openPorts(ports)} o
      where ${groups(check)} and g.cloud_id = f.evidence->>'security_group_id' and o.ports is not null) then 'recommendation_applied'
    else 'options_changed' end`,
})
