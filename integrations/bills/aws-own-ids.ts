/**
 * What AWS gives once in the world is a key by itself, whatever stands before it: ids of EC2 and of savings plans, UUIDs.
 * Discovery knows these resources by it. SQL over the short name `resource`.
 */

/** A UUID as a pattern. */
export const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** `snapshot/snap-1`, `arn:…:snapshot/snap-1` → `snap-1`; the whole where no slash is. */
export const afterSlash = `if(contains(resource, '/'), nullif(substr(resource, instr(resource, '/') + 1), ''), resource)`

/** The resource, of an ARN that ends with such an id only that. */
export const ownIdOfArn = `if(contains(resource, '/') and (split_part(resource, ':', 3) in ('ec2', 'savingsplans')
    or regexp_matches(resource, '/${uuid}$')), ${afterSlash}, resource)`
