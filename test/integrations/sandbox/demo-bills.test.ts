import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { demoBills } from '../../../integrations/sandbox/demo-bills.ts'

it('a sandbox started twice on one day finds the same bills, so nothing is read again', () => {
  const filesAt = (now: string) =>
    demoBills(new Date(now)).flatMap(({ files }) =>
      files.map(({ key, body }) => `${key} ${createHash('sha256').update(body).digest('hex')}`),
    )
  expect(filesAt('2026-11-23T10:00:00.123Z')).toEqual(filesAt('2026-11-23T23:59:58.456Z'))
})
