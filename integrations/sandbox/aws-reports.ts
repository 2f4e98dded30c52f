/** Which bills an account has set up: DescribeReportDefinitions and Data Exports of the stand-in, JSON 1.1, small pages. */
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws } from './aws-state.ts'

type Input = { MaxResults?: number; NextToken?: string; ExportArn?: string }

/** Answers one call about reports or exports. */
export function answerReports(state: SandboxAws, request: AwsRequest): AwsReply {
  if (request.region !== 'us-east-1')
    throw new AwsFault(400, 'UnknownEndpoint', `There is no ${request.service} in ${request.region}.`)
  const input = JSON.parse(request.body.toString('utf8') || '{}') as Input
  const answer = calls[request.action]?.(state, input)
  if (!answer) throw new AwsFault(400, 'UnknownOperationException', `No action ${request.action}.`)
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) }
}

const calls: Record<string, (state: SandboxAws, input: Input) => unknown> = {
  DescribeReportDefinitions: ({ reports = [] }, input) => {
    // As the published model says: MaxResults is exactly 5.
    if (input.MaxResults !== undefined && input.MaxResults !== 5)
      throw new AwsFault(400, 'ValidationException', 'MaxResults must be 5.')
    const { items, next } = pageOf(reports, { ...input, MaxResults: 5 })
    return { ReportDefinitions: items, ...next }
  },
  ListExports: ({ exports = [] }, input) => {
    const { items, next } = pageOf(exports, input)
    const status = { StatusCode: 'HEALTHY' }
    return {
      Exports: items.map(({ ExportArn, Name }) => ({ ExportArn, ExportName: Name, ExportStatus: status })),
      ...next,
    }
  },
  GetExport: ({ exports = [] }, { ExportArn }) => {
    const found = exports.find((one) => one.ExportArn === ExportArn)
    if (!found) throw new AwsFault(404, 'ResourceNotFoundException', 'There is no such export.')
    return { Export: found, ExportStatus: { StatusCode: 'HEALTHY' } }
  },
}

function pageOf<T>(all: T[], { MaxResults = 2, NextToken = '0' }: Input) {
  const from = Number(NextToken)
  const end = from + MaxResults
  return { items: all.slice(from, end), next: end < all.length ? { NextToken: String(end) } : {} }
}
