import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { listBookings } from '../../db/queries/environments.ts'
import { listImports } from '../../db/queries/imports.ts'
import { findPool } from '../../db/queries/pools.ts'
import { insertOrganization, insertPerson } from '../../db/queries/organizations.ts'
import { bookEnvironment } from '../../engine/environments/bookings.ts'
import { insertMetricPoints } from '../../db/queries/metrics.ts'
import { markShared } from '../../engine/environments/environment.ts'
import { noteResults } from '../../engine/accounts/health.ts'
import { contextFor } from '../../engine/context.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { hourMs } from '../../engine/time.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { world, type World } from '../world.ts'
import { addresses } from './addresses.ts'
import { company, type Company } from './company.ts'
import { stranger, visitor, type Visitor } from './visitor.ts'

let w: World
let c: Company
let lea: Visitor
beforeAll(async () => {
  w = await world()
  c = await company(w)
  lea = await visitor(w)
})

const pathsOf = () => ({
  resource: `/resources/${c.resources[1]!.id}`,
  pool: `/pools/${c.pools['Platform']!.id}`,
  environment: `/environments/${c.environments[1]!.id}`,
  account: `/accounts/${c.accounts[1]!.id}`,
  power: `/power/${c.schedule.id}`,
  duplicates: `/duplicates/${c.duplicates.id}`,
})

it('pages know no class names; only parts, the layout and the stylesheet do', async () => {
  const folder = new URL('../../web/pages/', import.meta.url)
  for (const name of await readdir(folder))
    expect(await readFile(new URL(name, folder), 'utf8'), name).not.toMatch(/class=/)
})

describe('every page', () => {
  it('answers, and looks at everything a company has', async () => {
    const known = [
      '/',
      '/spend',
      '/resources',
      '/pools',
      '/savings',
      '/duplicates',
      '/savings/obsolete_ips',
      '/savings/reserved_instances',
      '/coverage',
      '/environments',
      '/power',
      '/accounts',
      '/events',
    ]
    for (const path of [...known, ...Object.values(pathsOf()), ...c.imports.map(({ id }) => `/imports/${id}`)]) {
      const page = await lea.get(path)
      expect(page.status, path).toBe(200)
      expect(page.text, path).toMatch(/<h1>[^<]+<\/h1>/)
    }
  })

  it('has no inline style and no script, so the content policy blocks nothing', async () => {
    for (const path of ['/', '/spend', '/coverage', '/environments', ...Object.values(pathsOf())])
      expect((await lea.get(path)).text, path).not.toMatch(/<script|\sstyle=|<style|\son[a-z]+=/)
  })
})

describe('an answer of a cloud that was not believed', () => {
  it('is confirmed on the page of its account, by who may', async () => {
    const { id } = c.accounts[0]!
    const path = `/accounts/${id}`
    const doubt = '12 of 12 resources of type Volume in us-east-1 were missing'
    expect((await lea.get(path)).text).not.toContain('They are really gone')
    await noteResults(w.job(), {
      accountId: id,
      results: [{ part: 'Volume', region: 'us-east-1', problem: { kind: 'doubt', message: doubt } }],
    })
    expect((await lea.get(path)).text).toContain('They are really gone')
    const anna = await visitor(w, { person: c.anna })
    expect((await anna.get(path)).text).not.toContain('They are really gone')
    expect((await lea.submit(`${path}/vanished`)).text).toContain(
      'what it does not show within the hour counts as gone',
    )
    const results = [{ part: 'Volume', region: 'us-east-1', problem: null }]
    await noteResults(w.job(), { accountId: id, results })
    expect((await lea.get(path)).text).not.toContain('They are really gone')
  })
})

describe('a shared resource', () => {
  it('is held by “you” for its holder, and by name for everybody else', async () => {
    const { id } = c.resources[2]!
    const { id: environmentId } = await markShared(w.as(), { resourceId: id })
    const [startsAt, endsAt] = [w.clock.now(), new Date(w.clock.now().getTime() + hourMs)]
    await bookEnvironment(w.as(), { environmentId, startsAt, endsAt })
    expect((await lea.get(`/resources/${id}`)).text).toContain('held by you')
    expect((await (await visitor(w, { person: c.anna })).get(`/resources/${id}`)).text).toContain('held by Lea')
    const page = (await lea.get(`/environments/${environmentId}`)).text
    expect(page).toContain('Its booking goes with it, in the calendar too; Lea will lose it.')
    expect(page).not.toContain(`/environments/${environmentId}/delete`)
    const gone = await lea.submit(`/environments/${environmentId}/unshare`)
    expect(gone.text).toMatch(/is shared no longer\. 1 booking went with it\. The machine itself was not touched\./)
    expect((await lea.get(`/environments/${environmentId}`)).status).toBe(404)
    expect((await lea.get(`/resources/${id}`)).text).toContain('Share')
  })
})

describe('a resource with monitoring', () => {
  it('shows its load of each day', async () => {
    const { id, accountId } = c.resources[1]!
    const point = (at: string, value: number) => ({
      ...{ orgId: w.org.id, accountId, resourceId: id, metric: 'cpu' as const, at: new Date(at), value },
    })
    // 20 November means 20 and 40, of which the midnight that ends it is one; 22 November 12.5.
    await insertMetricPoints(w.deps.db, [
      ...[point('2026-11-20T12:00:00Z', 20), point('2026-11-21T00:00:00Z', 40), point('2026-11-22T08:15:00Z', 12.5)],
    ])
    const { text } = await lea.get(`/resources/${id}`)
    expect(text).toContain('Load, last 30 days')
    for (const value of ['12.5%', '30.0%']) expect(text).toContain(value)
    expect((await lea.get(`/resources/${c.resources[2]!.id}`)).text).not.toContain('Load, last 30 days')
  })
})

describe('another organization', () => {
  it('gets 404 from every route with an id of this one, and nothing changes', async () => {
    const org = await insertOrganization(w.deps.db, { name: 'Rival', currency: 'EUR' })
    const spy = await insertPerson(w.deps.db, { orgId: org.id, name: 'Spy', email: 'spy@example.com' })
    await w.database.sql`insert into memberships (org_id, person_id, role) values (${org.id}, ${spy.id}, 'manager')`
    await w.database.sql`insert into pools (org_id, name) values (${org.id}, 'Rival')`
    const rival = stranger(w.deps)
    const ctx = contextFor(w.deps, org.id, { personId: spy.id, door: 'slack' })
    await rival.post(new URL(await makeSignInLink(ctx)).pathname, {}, { csrf: '' })
    expect((await rival.get('/pools')).status).toBe(200)
    const before = await w.database.sql`select count(*)::int from events`
    const paths = (await addresses(w, c, lea.app)).filter(({ named }) => named)
    expect(paths.length).toBeGreaterThan(20)
    for (const { method, path } of paths) {
      const answer =
        method === 'GET'
          ? await rival.get(path)
          : path.endsWith('/bills')
            ? await rival.upload(path, { 'a.csv': 'x' })
            : await rival.post(path)
      expect([path, answer.status]).toEqual([path, 404])
    }
    expect((await rival.post('/bookings', { environment: c.environments[0]!.id })).status).toBe(404)
    expect(await w.database.sql`select count(*)::int from events`).toEqual(before)
  })

  it('gets the same answer for ids that never were and for text that is no id', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense', "' or 1=1 --"])
      for (const place of ['pools', 'resources', 'accounts', 'imports', 'environments', 'power'])
        expect((await lea.get(`/${place}/${encodeURIComponent(id)}`)).status).toBe(404)
  })
})

describe('the evidence of a finding', () => {
  it('names days and money in words, and a time of zero never', async () => {
    expect((await lea.get('/savings/volumes_not_attached_for_a_long_time')).text).toMatch(/Last attached: 31 Oct 2025/)
    expect((await lea.get('/savings/obsolete_ips')).text).toMatch(/Cost while unused: \$19 · Last used: never/)
  })

  it('names the hours in which an instance does nothing', async () => {
    const start = { day_of_week: 5, hour: 0 }
    const periods = [{ start, end: { day_of_week: 6, hour: 23 } }]
    const evidence = JSON.stringify({ inactive_hours: 48, inactivity_periods: periods })
    await w.database
      .sql`insert into findings (org_id, recommendation, account_id, resource_id, key, saving, evidence, detected_at, checked_at)
      select org_id, 'instances_for_shutdown', account_id, resource_id, key, 3, ${evidence}::text::jsonb, detected_at, checked_at
      from findings where recommendation = 'rightsizing_instances'`
    const { text } = await lea.get('/savings/instances_for_shutdown')
    expect(text).toContain('Inactive hours a week: 48 hours · Inactive (UTC): Sat 00:00 to Sun 23:59')
    expect(text).not.toContain('[object')
  })
})

describe('a form', () => {
  it('sets the limit of a pool and says what it was', async () => {
    const page = await lea.submit(`${pathsOf().pool}/limit`, { monthlyLimit: '2000' })
    expect(page.text).toContain('The monthly limit of Platform is now $2,000; it was $1,800.')
    expect((await findPool(w.deps.db, { orgId: w.org.id, id: c.pools['Platform']!.id }))?.monthlyLimit).toBe('2000')
    expect((await lea.get(pathsOf().pool)).text).not.toContain('it was $1,800')
  })

  it('that is refused comes back with what was typed and the reason beside the field', async () => {
    const page = await lea.submit(`${pathsOf().pool}/limit`, { monthlyLimit: '100' })
    expect(page.text).toContain('Nothing was changed.')
    expect(page.text).toMatch(/name="monthlyLimit"[^>]*value="100"/)
    expect(page.text).toMatch(/class="wrong"/)
  })

  it('that is refused keeps an end that cannot be and a pool that was chosen', async () => {
    const ended = await lea.submit(`${pathsOf().resource}/ttl`, { until: '2020-01-01T10:00' })
    expect(ended.text).toContain('cannot end in the past')
    expect(ended.text).toMatch(/name="until"\s+type="datetime-local"\s+value="2020-01-01T10:00"/)
    const [newcomer] = await w.database
      .sql`insert into people (org_id, name) values (${w.org.id}, 'Newcomer') returning id`
    const pool = c.pools['Platform']!.id
    const assigned = await lea.submit(`${pathsOf().resource}/assign`, { pool, owner: String(newcomer!['id']) })
    expect(assigned.text).toContain('Nothing was changed.')
    expect(assigned.text).toMatch(new RegExp(`<option value="${pool}"\\s+selected`))
    await w.database.sql`delete from people where id = ${newcomer!['id'] as string}`
  })

  it('that is refused stays open and filled in: account, upload, pool', async () => {
    const account = `/accounts/${c.accounts[0]!.id}`
    const named = await lea.submit(`${account}/name`, { name: c.accounts[1]!.name, autoImport: 'on' })
    expect(named.text).toContain('Nothing was changed.')
    expect(named.text).toMatch(new RegExp(`<details class="fold"\\s+open[\\s\\S]{0,900}value="${c.accounts[1]!.name}"`))
    expect(named.text).toMatch(/name="autoImport"\s+checked/)
    expect(named.text).not.toMatch(/name="processRecommendations"\s+checked/)
    const added = await lea.submit('/accounts', { cloud: 'gcp', name: c.accounts[0]!.name, number: 'p-1' })
    expect(added.text).toMatch(/<option value="gcp"\s+selected/)
    expect(added.text).toMatch(/name="number"\s+type="text"\s+value="p-1"/)
    const owner = w.lea.id
    const changed = await lea.submit(`${pathsOf().pool}/change`, { name: 'Data', purpose: 'team', owner })
    expect(changed.text).toContain('Nothing was changed.')
    expect(changed.text).toMatch(new RegExp(`<option value="${owner}"\\s+selected`))
  })

  it('changes nothing for somebody without the right, and names who may', async () => {
    const page = await (await visitor(w, { person: c.anna })).submit(`${pathsOf().pool}/limit`, { monthlyLimit: '5' })
    expect(page.text).toMatch(/You cannot change the pool [^<]*/)
    expect(page.text).toContain('Ask Lea')
  })

  it('gives a resource a lifetime in the zone of the person', async () => {
    await w.database.sql`update people set zone = 'Europe/Berlin' where id = ${w.lea.id}`
    const page = await lea.submit(`${pathsOf().resource}/ttl`, { until: '2026-12-01T10:00' })
    expect(page.text).toContain('It lives until Tue 1 Dec, 10:00.')
    const { ttl } = await readResource(w.as(), c.resources[1]!.id)
    expect(ttl.endsAt?.toISOString()).toBe('2026-12-01T09:00:00.000Z')
  })

  it('moves a resource to another pool and owner', async () => {
    await lea.submit(`${pathsOf().resource}/assign`, { pool: c.pools['Data']!.id, owner: w.lea.id })
    const { pool, owner } = await readResource(w.as(), c.resources[1]!.id)
    expect([pool.name, owner?.name]).toEqual(['Data', 'Lea'])
  })

  it('books an environment, and the second who wants the same hours is told who has it and what is free', async () => {
    const slot = {
      environment: c.environments[2]!.id,
      day: '2026-11-27',
      start: '14:00',
      end: '16:00',
      reason: '<b>demo</b>',
    }
    expect((await lea.submit('/bookings', slot)).text).toContain('load-test is yours until Fri 27 Nov, 16:00.')
    const late = await (await visitor(w, { person: c.anna })).submit('/bookings', slot)
    expect(late.text).toMatch(/load-test is held by Lea/)
    expect(late.text).toContain('Free for that long from')
    expect(late.text).toMatch(/name="start"\s+type="time"\s+value="14:00"/)
    expect(late.text).not.toContain('<b>demo</b>')
  })

  it('says before anything is sent whether a time is free, its price, and three others when it is not', async () => {
    const environment = c.environments[2]!.id
    const slot = { environment, day: '2026-11-28', start: '09:00', end: '11:00' }
    const free = await lea.submit('/bookings/check', slot)
    // 2 hours at 1.40 an hour.
    expect(free.text).toMatch(/Sat 28 Nov, 09:00 to Sat 28 Nov, 11:00 is free, for about \$2\.80\./)
    expect((await listBookings(w.deps.db, { orgId: w.org.id, environmentId: environment })).length).toBe(1)
    await lea.submit('/bookings', slot)
    const taken = await lea.submit('/bookings/check', { ...slot, start: '10:00', end: '12:00', reason: 'a & b' })
    expect(taken.text).toContain('load-test is held by you then.')
    const others = [...taken.text.matchAll(/href="([^"]*start=[^"]*)"/g)].map(([, href]) =>
      href!.replaceAll('&amp;', '&'),
    )
    expect(others.map((href) => new URL(href, 'http://x').searchParams.get('start'))).toEqual([
      '11:00',
      '13:00',
      '15:00',
    ])
    const other = await lea.get(others[0]!)
    expect(other.text).toContain('Sat 28 Nov, 11:00 to Sat 28 Nov, 13:00 is free')
    expect(other.text).toMatch(/name="start"\s+type="time"\s+value="11:00"/)
    expect(other.text).toMatch(/name="reason"\s+type="text"\s+value="a &amp; b"/)
  })

  it('books over several days, and an end before the start is on the next day', async () => {
    const slot = { environment: c.environments[1]!.id, day: '2026-12-01', start: '22:00', end: '06:00' }
    expect((await lea.submit('/bookings', slot)).text).toContain('is yours until Wed 2 Dec, 06:00.')
    const long = await lea.submit('/bookings', {
      ...slot,
      day: '2026-12-05',
      start: '10:00',
      end: '12:00',
      lastDay: '2026-12-08',
    })
    expect(long.text).toContain('is yours until Tue 8 Dec, 12:00.')
  })

  it('offers nothing where every environment is switched off, and says so', async () => {
    await w.database.sql`update environments set active = false`
    try {
      const page = await lea.get('/environments')
      expect(page.text).toContain('None of them can be booked now')
      expect(page.text).not.toContain('action="/bookings"')
    } finally {
      await w.database.sql`update environments set active = true`
    }
  })

  it('dismisses a finding and brings it back', async () => {
    const [row] = await w.database.sql`select id from findings where recommendation = 'obsolete_ips'`
    expect((await lea.submit(`/findings/${row!['id']}/dismiss`, { reason: 'kept for DNS' })).text).toContain(
      'will not be shown again',
    )
    const dismissed = await lea.get('/savings/obsolete_ips?status=dismissed')
    expect(dismissed.text).toContain('kept for DNS')
    await lea.submit(`/findings/${row!['id']}/reopen`)
    expect((await lea.get('/savings/obsolete_ips')).text).toContain('nat-gateway')
  })

  it('changes the settings of a recommendation and refuses what is out of range', async () => {
    expect((await lea.submit('/savings/obsolete_ips/options', { days_threshold: '30' })).text).toContain(
      'Obsolete IPs: Unused for 30 days (was 7 days). It counts from the next check on.',
    )
    expect((await lea.get('/savings/obsolete_ips')).text).toMatch(/name="days_threshold"[^>]*value="30"/)
    expect((await lea.submit('/savings/obsolete_ips/options', { days_threshold: '9999' })).text).toContain(
      'must be a whole number',
    )
    const form = await lea.get('/savings/obsolete_ips')
    expect(form.text).toContain('0 to 365; empty means 7 days')
    expect((await lea.submit('/savings/obsolete_ips/options')).text).toContain('Unused for 7 days (was 30 days)')
  })

  it('changes the amount above which clean-ups are approved, and says what 0 means', async () => {
    const page = await lea.get('/savings')
    expect(page.text).toContain('A clean-up that saves more than $200 a month waits for the approval of a manager.')
    expect(page.text).toMatch(/Approval above <small>USD a month<\/small>/)
    expect(page.text).toContain('0 = no limit: nobody is asked.')
    const saved = await lea.submit('/savings/approval', { over: '0' })
    expect(saved.text).toContain('A clean-up of any size is handed over without approval.')
    for (const over of ['', '-5', 'much'])
      expect((await lea.submit('/savings/approval', { over })).text).toContain('The amount must be a number from 0 to')
    await lea.submit('/savings/approval', { over: '200' })
  })
})

describe('connecting an account', () => {
  it('that is refused gives back the name and where the bill lies, never the key', async () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
    const fields = {
      cloud: 'aws',
      name: 'Main',
      'key.accessKeyId': 'AKIAIOSFODNN7EXAMPLE',
      'key.secretAccessKey': secret,
    }
    const answer = await lea.post('/accounts?cloud=aws', fields)
    expect(answer.status).toBe(303)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('finops_flash='))!
    const kept = Buffer.from(cookie.split(/[=;]/)[1]!, 'base64url').toString()
    expect(kept).toContain('"name":"Main"')
    expect(kept).not.toMatch(/wJalr|AKIA/)
    expect((await lea.get('/accounts')).text).toContain('Nothing was changed.')
  })

  it('without a key makes an account that waits for its first upload', async () => {
    const page = await lea.submit('/accounts', { cloud: 'focus', name: 'Partner bills' })
    expect(page.text).toContain('Partner bills is connected.')
    expect(page.text).toContain('Upload its first bill here.')
    expect((await lea.get('/pools')).text).toContain('Partner bills')
  })
})

describe('an upload', () => {
  const bill = 'BilledCost,EffectiveCost\n1,1\n'

  it('of several files becomes one import, and nothing is left in the spool but its files', async () => {
    const answer = await lea.upload(`${pathsOf().account}/bills`, { 'part-1.csv': bill, 'part 2.csv': bill })
    expect(answer.status).toBe(303)
    const [latest] = await listImports(w.deps.db, { orgId: w.org.id, accountId: c.accounts[1]!.id, limit: 1 })
    expect(answer.headers.get('location')).toBe(`/imports/${latest!.id}`)
    expect(latest).toMatchObject({
      title: 'part-1.csv and 1 more',
      state: 'scheduled',
      source: 'upload',
      bytesTotal: bill.length * 2,
    })
    expect((await readdir(w.deps.spool)).filter((name) => name.startsWith('arriving'))).toEqual([])
  })

  it('keeps every byte, also those that look like the end of the form', async () => {
    const tricky = `a\r\n--b\r\n\r\n--\r\n-${'-'.repeat(60)}${'x\r\n'.repeat(40_000)}`
    await lea.upload(`${pathsOf().account}/bills`, { 'tricky.csv': tricky })
    const [latest] = await listImports(w.deps.db, { orgId: w.org.id, accountId: c.accounts[1]!.id, limit: 1 })
    expect(latest?.bytesTotal).toBe(tricky.length)
  })

  it('without the token, with too many bytes, without a file or without the right stores nothing', async () => {
    const path = `${pathsOf().account}/bills`
    const count = async () => (await listImports(w.deps.db, { orgId: w.org.id, limit: 100 })).length
    const before = await count()
    expect((await lea.upload(path, { 'a.csv': bill }, 'wrong')).status).toBe(403)
    expect(
      (await (await visitor(w, { uploadLimitBytes: 1000 })).upload(path, { 'a.csv': 'x'.repeat(5000) })).status,
    ).toBe(413)
    expect((await (await visitor(w, { person: c.anna })).upload(path, { 'a.csv': bill })).status).toBe(403)
    expect((await lea.upload(path, {})).status).toBe(303)
    expect(await count()).toBe(before)
    expect((await readdir(w.deps.spool)).filter((name) => name.startsWith('arriving'))).toEqual([])
  })
})

describe('a download', () => {
  it('of spend has the rows of its page, exact amounts and the total', async () => {
    const file = await lea.get('/files/spend.csv?by=pool&range=last')
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="spend-by-pool-2026-10-01-2026-10-31.csv"',
    )
    const lines = file.text.trim().split('\r\n')
    expect(lines[0]).toBe('pool,effective_cost,effective_cost_before,share_percent,currency')
    expect(lines.at(-1)).toMatch(/^Total,\d+\.\d+,/)
    expect(lines.map((line) => line.split(',')[0])).toContain('Platform')
  })

  it('of more findings than are read at once holds them all, each once', async () => {
    const names = `insert into findings (org_id, recommendation, account_id, key, saving, evidence, detected_at, checked_at)
      select org_id, 'abandoned_instances', account_id, 'many-' || n, n % 7, '{}', detected_at, checked_at
      from findings, generate_series(1, 4100) n where recommendation = 'obsolete_ips'`
    await w.database.sql.unsafe(names)
    try {
      const list = JSON.parse((await lea.get('/files/savings/abandoned_instances/findings.json')).text) as unknown[]
      expect(list).toHaveLength(4101)
      const lines = (await lea.get('/files/savings/abandoned_instances/findings.csv')).text.trim().split('\r\n')
      expect(lines).toHaveLength(4102)
    } finally {
      await w.database.sql`delete from findings where key like 'many-%'`
    }
  })

  it('of findings is a list with the names of the schema, and the script is a shell script', async () => {
    const list = JSON.parse((await lea.get('/files/savings/obsolete_ips/findings.json')).text) as Record<
      string,
      unknown
    >[]
    expect(list).toMatchObject([{ resource_name: 'nat-gateway', saving: 57.1 }])
    expect((await lea.get('/files/savings/obsolete_ips/findings.csv')).text).toContain('nat-gateway')
    const volumes = '/files/savings/volumes_not_attached_for_a_long_time'
    const [script, listed] = [await lea.get(`${volumes}/script`), await lea.get(`${volumes}/list`)]
    expect(script.text).toMatch(/^#!/)
    expect(script.text).toContain(`LIST='${createHash('sha256').update(listed.text).digest('hex')}'`)
    expect((await lea.get('/files/savings/instances_in_stopped_state_for_a_long_time/findings.json')).text).toBe('[]\n')
    expect((await lea.get('/files/savings/obsolete_ips/secrets')).status).toBe(404)
    expect((await lea.get('/savings/unheard_of')).status).toBe(404)
  })
})
