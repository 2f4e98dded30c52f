/** The first starts with keys of a real Slack, and what happens when the folder or the keys are of the other kind. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import postgres from 'postgres'
import { ensureDatabase } from '../../db/migrate.ts'
import { startSlackSandbox, type SlackSandbox } from '../../integrations/sandbox/slack.ts'
import { freePort, newFolder, startProduct } from './child.ts'

let slack: SlackSandbox
let settings: Record<string, string>
let keys: Record<string, string>
let sql: postgres.Sql
beforeAll(async () => {
  slack = await startSlackSandbox()
  const url = await ensureDatabase(inject('postgresUrl'), `finops_own_${process.pid}`)
  settings = { DATA_DIR: await newFolder(), DATABASE_URL: url, SECRET_KEY: 'sixteen characters or more' }
  keys = { SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_API_URL: slack.apiUrl }
  sql = postgres(url, { onnotice: () => {} })
})
afterAll(async () => {
  await sql.end()
  await slack.close()
})

/** Starts, waits until it is up or ended, stops it; what it said. */
async function started(more: Record<string, string>): Promise<string> {
  const child = startProduct(await freePort(), { ...settings, ...more })
  await Promise.race([child.until(/^Ready/m).catch(() => {}), child.ended])
  await child.kill('SIGTERM')
  return child.said()
}

it(
  'a first start that Slack refused, and one without a manager, are made good by the next one',
  { timeout: 240_000 },
  async () => {
    expect(await started({ ...keys, SLACK_BOT_TOKEN: 'xoxb-wrong' })).toMatch(/Nothing was started\.\n$/)
    expect(await started({ ...keys, ORG_MANAGER: '@lea' })).toMatch(/ORG_MANAGER .*like U0123ABCDE/)
    expect(await started({ ...keys, ORG_NAME: 'Ours' })).toMatch(/^Ready/m)
    expect(await sql`select from slack_links`).toHaveLength(0)
    expect(await started({ ...keys, ORG_MANAGER: 'U0LEA' })).toMatch(/^Ready/m)
    expect(await started({ ...keys, ORG_MANAGER: 'U0TOM' })).toMatch(/^Ready/m)
    const linked = await sql`select l.slack_user_id as who, m.role, p.zone
    from slack_links l join memberships m using (person_id) join people p on p.id = person_id`
    expect(linked).toEqual([{ who: 'U0LEA', role: 'manager', zone: 'Europe/Berlin' }])
  },
)

it(
  'without keys the sandbox does not open over a real organization, nor with keys over the demo',
  { timeout: 120_000 },
  async () => {
    const before = await sql`select name, is_demo from organizations`
    expect(before).toHaveLength(1)
    expect(await started({})).toMatch(
      /^The database of DATABASE_URL holds a real organization, and there are no Slack keys\..*DATABASE_URL to another database\. Nothing was started\.$/m,
    )
    expect(await sql`select name, is_demo from organizations`).toEqual(before)
    await sql`update organizations set is_demo = true`
    expect(await started(keys)).toMatch(
      /^The database of DATABASE_URL holds the demo organization of the sandbox\. .* Nothing was started\.$/m,
    )
  },
)
