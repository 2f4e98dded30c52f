import { beforeAll, describe, expect, it } from 'vitest'
import { lookUp, wordsOf } from '../../../engine/resources/search.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
  const account = await w.account()
  const make = (cloudResourceId: string, name = '') => w.resource(account, { cloudResourceId, name })
  await make('i-0abc1234567890def', 'web-1')
  await make('vol-0123456789abcdef0')
  await make('eipalloc-0aa', 'gateway')
  await make('arn:aws:rds:eu-west-1:123456789012:db:loadtest-db', 'loadtest-db')
  await make('/subscriptions/x/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/Batch-VM', 'Batch-VM')
  await neighbours(w)
})
const named = async (text: string) => (await lookUp(w.as(), text)).map(({ word }) => word)

describe('looking up what a text speaks of', () => {
  it.each([
    ['Is i-0abc1234567890def yours? It is idle.', ['i-0abc1234567890def']],
    ['(see `vol-0123456789abcdef0`, and eipalloc-0aa!)', ['vol-0123456789abcdef0', 'eipalloc-0aa']],
    ['arn:aws:rds:eu-west-1:123456789012:db:loadtest-db is big', ['arn:aws:rds:eu-west-1:123456789012:db:loadtest-db']],
    ['arn:aws:ec2:eu-west-1:1:instance/I-0ABC1234567890DEF.', ['i-0abc1234567890def']],
    ['who owns LOADTEST-DB?', ['loadtest-db']],
    [
      '<https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:instanceId=i-0abc1234567890def|console>',
      ['i-0abc1234567890def'],
    ],
    ['delete batch-vm and gateway: now', ['batch-vm', 'gateway']],
    ['nothing here, i-0secret0secret0 is not ours', []],
    ['', []],
  ])('%s', async (text, expected) => {
    expect(await named(text)).toEqual(expected)
  })

  it('finds each resource once and at most twenty', async () => {
    const account = await w.account()
    const names = Array.from({ length: 25 }, (_, n) => `node-${n}`)
    await Promise.all(names.map((name) => w.resource(account, { name, cloudResourceId: `i-node${name}` })))
    expect(await lookUp(w.as(), `web-1 i-0abc1234567890def WEB-1`)).toHaveLength(1)
    expect(await lookUp(w.as(), names.join('\n'))).toHaveLength(20)
  })

  it('reads a wall of text without choking', () => {
    expect(wordsOf('x/'.repeat(50_000)).length).toBeLessThan(5)
    expect(wordsOf(Array.from({ length: 5000 }, (_, n) => `word${n}`).join(' '))).toHaveLength(400)
  })
})
