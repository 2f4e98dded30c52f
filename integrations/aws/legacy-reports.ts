/** The legacy service of cost and usage reports; its newest client is older than the others and reads fewer settings. */
import {
  CostAndUsageReportServiceClient,
  DescribeReportDefinitionsCommand,
  type ReportDefinition,
} from '@aws-sdk/client-cost-and-usage-report-service'
import { call, type awsConfig } from './client.ts'

/** Every report definition, or only the first page. Time limits are a signal here: this client takes no handler settings. */
export async function reportDefinitions(
  { requestHandler, ...config }: ReturnType<typeof awsConfig>,
  { onlyFirst = false } = {},
): Promise<ReportDefinition[]> {
  const client = new CostAndUsageReportServiceClient(config)
  const found: ReportDefinition[] = []
  for (let NextToken: string | undefined; ;) {
    const request = new DescribeReportDefinitionsCommand({ MaxResults: 5, ...(NextToken ? { NextToken } : {}) })
    const abortSignal = AbortSignal.timeout(requestHandler.requestTimeout)
    const page = await call('cur:DescribeReportDefinitions', () => client.send(request, { abortSignal }))
    found.push(...(page.ReportDefinitions ?? []))
    if (!page.NextToken || onlyFirst) return found
    NextToken = page.NextToken
  }
}
