/** A region that does not answer takes its time once, not once per part; others are read as ever. */
import { expect, it } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const clock = { now: new Date('2026-11-23T10:00:00Z') }
const { aws } = await awsWorld({}, () => clock.now)
const { discover, inventory } = awsAdapter({ endpoint: aws.url, attempts: 4, timeoutMs: 150, now: () => clock.now })
const parts = {
  volumes: (region: string) => all(discover!.Volume!(credentials, region)),
  databases: (region: string) => all(discover!['RDS Instance']!(credentials, region)),
  images: (region: string) => all(inventory!.image!.read(credentials, region)),
}
/** How often AWS was asked until the part was read or given up. */
async function tries(part: keyof typeof parts, region: string): Promise<number> {
  const before = aws.calls.length
  await parts[part](region).catch(() => {})
  return aws.calls.length - before
}

it('is asked in haste for half an hour, and in patience again once it answers', async () => {
  aws.trouble({ kind: 'silent', region: 'us-west-2' })
  expect(await tries('volumes', 'us-west-2')).toBe(4)
  expect([await tries('databases', 'us-west-2'), await tries('images', 'us-west-2')]).toEqual([2, 2])
  expect(await tries('volumes', 'us-east-1')).toBe(1)
  clock.now = new Date('2026-11-23T10:31:00Z')
  expect(await tries('volumes', 'us-west-2')).toBe(4)
  aws.heal()
  expect(await tries('databases', 'us-west-2')).toBe(1)
  aws.trouble({ kind: 'silent', region: 'us-west-2' })
  expect(await tries('volumes', 'us-west-2')).toBe(4)
  aws.heal()
})

it('does not take what breaks for what is silent', async () => {
  aws.trouble({ kind: 'broken', region: 'eu-west-1' })
  expect([await tries('volumes', 'eu-west-1'), await tries('databases', 'eu-west-1')]).toEqual([4, 4])
  aws.heal()
})
