/** CloudWatch of the stand-in: GetMetricData and ListMetrics over JSON 1.0 and Query, with the limits of the real one. */
import { asXml, inputOf } from './aws-cloudwatch-query.ts'
import { pageOf } from './aws-page.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws } from './aws-state.ts'

type Query = {
  Id: string
  MetricStat: {
    Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] }
    Period: number
    Stat: string
  }
}
type Input = {
  StartTime: number
  EndTime: number
  MetricDataQueries: Query[]
  NextToken?: string
  MaxDatapoints?: number
}

/** Answers one CloudWatch call; points of intervals that have not ended at `now` do not exist. */
export function answerCloudWatch(state: SandboxAws, request: AwsRequest, now: Date): AwsReply {
  if (!request.form.has('Action')) return answer(state, request, now)
  const body = Buffer.from(JSON.stringify(inputOf(request.form)))
  return asXml(request.action, answer(state, { ...request, body }, now))
}

function answer(state: SandboxAws, request: AwsRequest, now: Date): AwsReply {
  if (request.action === 'ListMetrics') return listMetrics(state, request)
  if (request.action !== 'GetMetricData') throw new AwsFault(400, 'InvalidAction', `No action ${request.action}.`)
  const input = JSON.parse(request.body.toString('utf8')) as Input
  if (input.MetricDataQueries.length > 500)
    throw new AwsFault(
      400,
      'ValidationError',
      'The collection MetricDataQueries must not have a size greater than 500.',
    )
  const results = input.MetricDataQueries.map((query) => ({
    query,
    points: points(state, request.region, { query, input, now }),
  }))
  const limit = input.MaxDatapoints ?? 100_800
  const from = Number(input.NextToken ?? 0)
  const { page, end } = cut(results, { from, limit })
  return reply({ MetricDataResults: page, ...(end === null ? {} : { NextToken: String(end) }), Messages: [] })
}

const reply = (body: object): AwsReply => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
})

/** Names of series, 500 a page. */
function listMetrics(state: SandboxAws, request: AwsRequest): AwsReply {
  const asked = JSON.parse(request.body.toString('utf8')) as {
    Namespace?: string
    MetricName?: string
    NextToken?: string
  }
  const fits = (wanted: string | undefined, is: string) => wanted === undefined || wanted === is
  const all = (state.regions[request.region]?.series ?? []).filter(
    ({ namespace, name }) => fits(asked.Namespace, namespace) && fits(asked.MetricName, name),
  )
  const { items, next } = pageOf(all, { state, size: 500, token: asked.NextToken })
  const Metrics = items.map(({ namespace, name, dimensions }) => ({
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  }))
  return reply({ Metrics, ...(next ? { NextToken: next } : {}) })
}

type Point = [start: number, value: number]

function points(
  state: SandboxAws,
  region: string,
  { query, input, now }: { query: Query; input: Input; now: Date },
): Point[] {
  const { Metric: metric, Period: seconds, Stat: stat } = query.MetricStat
  const read = state.regions[region]?.metric
  const dimensions = Object.fromEntries((metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]))
  const series = { namespace: metric.Namespace, name: metric.MetricName, dimensions, stat }
  if (!read) return []
  const found: Point[] = []
  for (let start = Math.ceil(input.StartTime / seconds) * seconds; start < input.EndTime; start += seconds) {
    if (start + seconds > now.getTime() / 1000) break
    const at = { start: new Date(start * 1000), seconds }
    const value = read({ ...series, ...at, instanceId: dimensions['InstanceId'] ?? '' })
    if (value !== null) found.push([start, value])
  }
  return found
}

/** One page of at most `limit` points, counted over all queries from point `from` on. */
function cut(results: { query: Query; points: Point[] }[], { from, limit }: { from: number; limit: number }) {
  let seen = 0
  const page = results.map(({ query, points: all }) => {
    const part = all.slice(Math.max(0, from - seen), Math.max(0, from + limit - seen))
    seen += all.length
    return {
      Id: query.Id,
      Label: query.Id,
      Timestamps: part.map(([at]) => at),
      Values: part.map(([, v]) => v),
      StatusCode: 'Complete',
    }
  })
  return { page, end: from + limit < seen ? from + limit : null }
}
