/** Reports and exports an account has set up, asked of AWS where no bucket is named; those we can read best come first. */
import {
  BCMDataExportsClient,
  GetExportCommand,
  paginateListExports,
  type Export,
} from '@aws-sdk/client-bcm-data-exports'
import type { ReportDefinition } from '@aws-sdk/client-cost-and-usage-report-service'
import { CloudError, type Credentials, type FoundReport } from '../cloud.ts'
import { awsConfig, call, pages, type AwsOptions } from './client.ts'
import { reportDefinitions } from './legacy-reports.ts'

/** Both services answer for the whole account from one region. A refusal of one leaves what the other knows. */
export async function definedReports(options: AwsOptions, credentials: Credentials): Promise<FoundReport[]> {
  const config = awsConfig(options, { credentials })
  const asked = await Promise.all([legacyReports(config), exportsOf(config)].map(orRefused))
  return asked.flat().toSorted((one, other) => flawsOf(one) - flawsOf(other) || one.name.localeCompare(other.name))
}

const flawsOf = ({ flaws }: FoundReport) => flaws?.length ?? 0

/** The probes say which permission is missing; here it means only that nothing was found. */
const orRefused = (asked: Promise<FoundReport[]>) =>
  asked.catch((error: unknown) => {
    if (error instanceof CloudError && error.isRefusal) return []
    throw error
  })

type Config = ReturnType<typeof awsConfig>

const legacyReports = async (config: Config): Promise<FoundReport[]> =>
  (await reportDefinitions(config)).flatMap((report) => toReport(report) ?? [])

/** A definition of the legacy service as a report to choose; null without a bucket. */
export function toReport(report: ReportDefinition): FoundReport | null {
  const { ReportName: name, S3Bucket: bucket, S3Prefix: prefix = '', S3Region: region } = report
  if (!name || !bucket) return null
  const flaws = [
    !report.AdditionalSchemaElements?.includes('RESOURCES') && 'it has no resource ids',
    report.RefreshClosedReports === false && 'later corrections of closed months do not reach it',
    report.TimeUnit === 'MONTHLY' && 'it has months only, no days',
  ]
  return { name, kind: 'report', months: [], ...settingsOf({ bucket, prefix, name, region }), ...sayFlaws(flaws) }
}

async function exportsOf(config: Config): Promise<FoundReport[]> {
  const client = new BCMDataExportsClient(config)
  const arns: string[] = []
  for await (const page of pages('bcm-data-exports:ListExports', paginateListExports({ client }, {})))
    arns.push(...(page.Exports ?? []).flatMap(({ ExportArn: arn }) => arn ?? []))
  const found: FoundReport[] = []
  for (const ExportArn of arns) {
    const send = () => client.send(new GetExportCommand({ ExportArn }))
    const { Export: one } = await call('bcm-data-exports:GetExport', send)
    const report = one && toExport(one)
    if (report) found.push(report)
  }
  return found
}

const readable = /\b(COST_AND_USAGE_REPORT|FOCUS_[\w.]+)\b/i

/** An export as a report to choose; null for other tables (recommendations, carbon) and without a bucket. */
export function toExport({ Name: name, DataQuery: query, DestinationConfigurations: to }: Export): FoundReport | null {
  const { S3Bucket: bucket, S3Prefix: prefix = '', S3Region: region } = to?.S3Destination ?? {}
  const [, table] = readable.exec(query?.QueryStatement ?? '') ?? []
  if (!name || !bucket || !table) return null
  const { INCLUDE_RESOURCES: resources, TIME_GRANULARITY: grain } =
    Object.entries(query?.TableConfigurations ?? {}).find(([of]) => of.toUpperCase() === table.toUpperCase())?.[1] ?? {}
  const flaws = [
    table.toUpperCase() === 'COST_AND_USAGE_REPORT' && resources !== 'TRUE' && 'it has no resource ids',
    grain === 'MONTHLY' && 'it has months only, no days',
  ]
  return { name, kind: 'export', months: [], ...settingsOf({ bucket, prefix, name, region }), ...sayFlaws(flaws) }
}

const settingsOf = (of: { bucket: string; prefix: string; name: string; region: string | undefined }) => ({
  settings: {
    ...{ bucket: of.bucket, prefix: of.prefix.replace(/\/$/, ''), report: of.name },
    ...(of.region ? { region: of.region } : {}),
  },
})

function sayFlaws(flaws: (string | false)[]): { flaws?: string[] } {
  const said = flaws.filter((flaw): flaw is string => flaw !== false)
  return said.length ? { flaws: said } : {}
}
