import { describe, expect, it } from 'vitest'
import type { Discovery } from '../../../db/schema/cloud-accounts.ts'
import { accountHealths } from '../../../db/vocabulary.ts'
import { healthOf, judge } from '../../../engine/accounts/health.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute))
const note = (part: string, region: string, error: string | null, more: Partial<Discovery> = {}): Discovery => ({
  orgId: 'o',
  accountId: 'a',
  resourceType: part,
  region,
  lastDiscoveryAt: at(0),
  lastErrorAt: error ? at(5) : null,
  lastError: error,
  ...more,
})
const judged = (...notes: Discovery[]) => judge({ lastImportAt: at(0) }, notes).state

describe('the health of an account', () => {
  it('is ok with a bill and no problem, else it waits for the first bill', () => {
    expect(judged(note('Volume', 'a', null))).toBe('ok')
    expect(judge({ lastImportAt: null }, [])).toEqual({ state: 'no_data_yet', detail: null })
  })

  it('is the gravest problem', () => {
    const bill = note('bill', '', 'bad_bill: line 7 has no cost')
    expect(judged(bill, note('Volume', 'a', null))).toBe('bad_bill')
    expect(judged(bill, note('IP Address', 'a', 'missing_permission: no'))).toBe('missing_permission')
    expect(judged(bill, note('regions', '', 'bad_credentials: no'))).toBe('bad_credentials')
    const late = note('Volume', 'b', 'wrong_clock: The clock of this machine is wrong.')
    expect(judged(note('regions', '', 'bad_credentials: no'), late)).toBe('wrong_clock')
    expect(judge({ lastImportAt: null }, [bill]).detail).toBe('line 7 has no cost')
  })

  it('stays while one region is silent, throttled or doubted, and is unreachable when the cloud is', () => {
    const silent = note('Volume', 'a', 'unreachable: no answer')
    expect(judged(silent, note('Volume', 'b', null))).toBe('ok')
    expect(judged(note('Volume', 'a', 'throttled: slow'), note('Volume', 'b', 'doubt: 12 gone'))).toBe('ok')
    expect(judged(silent)).toBe('unreachable')
    expect(judged(note('Volume', 'b', null), note('regions', '', 'unreachable: no answer'))).toBe('unreachable')
  })

  it('says which part failed where, each message once, also while the account is well', () => {
    const refused = 'missing_permission: The access key may not use ec2:DescribeImages (UnauthorizedOperation).'
    const notes = ['a', 'b', 'c'].map((region) => note('image', region, refused))
    expect(judge({ lastImportAt: at(0) }, notes).detail).toBe(
      'The access key may not use ec2:DescribeImages (UnauthorizedOperation) (Images in a and 2 other regions).',
    )
    const silent = note('Volume', 'a', 'unreachable: AWS did not answer.')
    const well = judge({ lastImportAt: at(0) }, [silent, note('Volume', 'b', null)])
    expect(well).toEqual({ state: 'ok', detail: 'AWS did not answer (Volume in a).' })
    expect(healthOf({ name: 'Prod', health: 'ok', healthDetail: well.detail })).toMatchObject({
      sentence: 'Prod is connected, but not all of it was read. AWS did not answer (Volume in a).',
      next: expect.stringContaining('account page'),
    })
    expect(judged(note('user', '', 'unreachable: no answer'), note('Volume', 'b', null))).toBe('ok')
  })

  it('forgets a problem that is older than the last success', () => {
    expect(judged(note('regions', '', 'bad_credentials: no', { lastDiscoveryAt: at(9) }))).toBe('ok')
  })

  it('says in every state what happened, and in every bad one what to do', () => {
    for (const health of accountHealths) {
      const { sentence, next } = healthOf({ name: 'Prod', health, healthDetail: null })
      expect(sentence).toMatch(/^Prod .+\.$/)
      if (health !== 'ok') expect(next).toMatch(/\.$/)
    }
  })
})
