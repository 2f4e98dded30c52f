import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findLatestCheck } from '../../engine/duplicates/matrix.ts'
import checkDuplicates from '../../engine/jobs/check-duplicates.ts'
import { bucketsWorld, type BucketsWorld } from '../engine/duplicates/buckets-world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: BucketsWorld
let lea: Visitor
let priya: Visitor
const ids: Record<string, string> = {}

beforeAll(async () => {
  w = await bucketsWorld()
  for (const [name, daily] of [
    ['alpha', '20'],
    ['beta', '2'],
    ['odd', undefined],
  ] as const) {
    const made = await w.bucket(
      name,
      [
        ['a', 'x', 1_000_000],
        ['b', 'x', 1_000_000],
      ],
      daily ? { daily } : {},
    )
    ids[name] = made.id
  }
  lea = await visitor(w)
  priya = await visitor(w, { person: await w.person('Priya') })
})

const latestPage = async () => `/duplicates/${(await findLatestCheck(w.as()))!.id}`

const latestOpenPage = async () =>
  `/duplicates/${(await w.database.sql`select id from duplicate_checks order by created_at desc limit 1`)[0]!['id']}`

beforeEach(() => w.clock.advance(1000))

describe('the pages of duplicates', () => {
  it('start a check of chosen buckets, follow it, and show the matrix with colours in words', async () => {
    expect((await lea.get('/duplicates')).text).toContain('No check was made yet.')
    const fields = Object.fromEntries(Object.values(ids).map((id) => [`bucket.${id}`, 'on']))
    const started = await lea.submit('/duplicates', { ...fields, minSize: '0' })
    expect(started.text).toContain('The check was started.')
    expect(started.text).toContain('0 of 3 buckets')
    expect(started.text).toMatch(/http-equiv="refresh"/)
    // What somebody types into a form would be gone after some seconds.
    const list = (await lea.get('/duplicates')).text
    expect(list).toContain('name="minSize"')
    expect(list).not.toMatch(/http-equiv="refresh"/)
    expect(list).toContain(`href="${await latestOpenPage()}">Follow the check</a>`)
    await w.runJobs([checkDuplicates])
    const { text } = await lea.get(await latestPage())
    expect(text).not.toMatch(/http-equiv="refresh"/)
    // Alpha: both copies lie elsewhere too: 2 of 2 MB, so all of 20 × 30 a month; in itself half of it.
    for (const words of ['$600', '$300', 'critical', 'cost unknown', 'requires attention', 'checksum (ETag)'])
      expect(text).toContain(words)
    expect((await lea.get('/savings')).text).toContain('S3 duplicates')
    expect((await lea.get('/duplicates')).text).toContain('$550')
  })

  it('download all, one bucket or a pair', async () => {
    const page = await latestPage()
    const file = await lea.get(`${page}/objects.csv`)
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="duplicates-2026-11-23\.csv"$/)
    expect(file.text.split('\r\n')).toHaveLength(1 + 6 + 1)
    const { text } = await lea.get(page)
    const links = [...text.matchAll(/objects\.csv\?bucket=\d+(?:&amp;with=\d+)?/g)].map(([link]) => link)
    expect(links).toHaveLength(9)
    const sizes = await Promise.all(
      links.map(async (link) => (await lea.get(`${page}/${link.replace('&amp;', '&')}`)).text.split('\r\n').length - 2),
    )
    expect(sizes.toSorted()).toEqual([2, 2, 2, 4, 4, 4, 4, 4, 4])
  })

  it('refuse a start without a bucket or without the right, and let a manager stop one', async () => {
    expect((await lea.submit('/duplicates', {})).text).toContain('Choose a bucket.')
    expect((await priya.get('/duplicates')).text).not.toContain('Find duplicates')
    const refused = await priya.submit('/duplicates', { [`bucket.${ids['alpha']}`]: 'on' })
    expect(refused.text).toContain('You cannot look for duplicate objects')
    await lea.submit('/duplicates', { [`bucket.${ids['alpha']}`]: 'on', minSize: '1' })
    const page = await latestPage()
    expect((await lea.submit(`${page}/stop`)).text).toContain('It was stopped.')
    expect((await lea.submit(`${page}/stop`)).text).toContain('ended already')
  })

  it('find buckets by a part of their name, and take thresholds', async () => {
    const { text } = await lea.get('/duplicates?q=bet')
    expect(text).toContain(ids['beta'])
    expect(text).not.toContain(ids['alpha'])
    const answer = await lea.submit('/duplicates/thresholds', { attention: '300', critical: '200' })
    expect(answer.text).toContain('must not lie below')
    expect((await lea.submit('/duplicates/thresholds', { attention: '1', critical: '2' })).text).toContain('are saved')
  })
})
