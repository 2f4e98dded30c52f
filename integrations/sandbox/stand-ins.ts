/** All stand-ins of the sandbox together: what `npm start` without keys talks to instead of Slack, Google Calendar and AWS. */
import { join } from 'node:path'
import type { CloudAdapter } from '../cloud.ts'
import { startAws, type AwsSandbox } from './aws.ts'
import { emptyAws } from './aws-state.ts'
import { demoAws, type DemoAws } from './demo-aws.ts'
import { demoBills, type DemoBill } from './demo-bills.ts'
import { startGoogleCalendarSandbox, type GoogleCalendarSandbox } from './google-calendar.ts'
import { recordedCloud } from './recorded-cloud.ts'
import { spareAws } from './spare-aws.ts'
import { startSlackSandbox, type SlackSandbox } from './slack.ts'

export type StandIns = {
  slack: SlackSandbox
  calendar: GoogleCalendarSandbox
  aws: AwsSandbox
  /** The installation's own key in it, of an account that is nobody's data source. */
  awsKey: { accessKeyId: string; secretAccessKey: string }
  /** The demo organization's accounts and their bill files. */
  bills: DemoBill[]
  /** Azure and Alibaba Cloud, replayed from recorded inventory. */
  recorded: { azure: CloudAdapter; alibaba: CloudAdapter }
  /** Keys and buckets of its AWS accounts: their bills lie in the stand-in's S3. */
  accounts: DemoAws[]
  stop: () => Promise<void>
}

const awsKey = { accessKeyId: 'AKIAINSTALLATION0001', secretAccessKey: 'installation-secret-key-0001' }

/** Starts every stand-in on loopback; conversations and calendar events are kept in `folder`. */
export async function startStandIns(options: { folder: string; pageUrl: string; now: () => Date }): Promise<StandIns> {
  const { folder, pageUrl, now } = options
  const bills = demoBills(now())
  const accounts = demoAws(now(), bills)
  const [first, ...others] = accounts.map(({ state }) => state)
  const own = emptyAws({ accountId: '999900001111', keys: { [awsKey.accessKeyId]: awsKey.secretAccessKey } })
  const [slack, calendar, aws] = await Promise.all([
    startSlackSandbox({ pageUrl, stateFile: join(folder, 'slack.json') }),
    startGoogleCalendarSandbox({ stateFile: join(folder, 'google-calendar.json') }),
    startAws([first!, ...others, own, spareAws(now(), `arn:aws:iam::${own.accountId}:user/finops`)], { now }),
  ])
  const stop = async () => void (await Promise.all([slack.close(), calendar.stop(), aws.close()]))
  const recorded = { azure: recordedCloud('azure', now()), alibaba: recordedCloud('alibaba', now()) }
  return { slack, calendar, aws, awsKey, recorded, bills, accounts, stop }
}
