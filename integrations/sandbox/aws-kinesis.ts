/** Kinesis of the stand-in: JSON 1.1, lists that say whether there is more. Shapes: the Kinesis API reference. */
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxStream } from './aws-state.ts'

type Input = { StreamName?: string; ExclusiveStartStreamName?: string; ExclusiveStartTagKey?: string; Limit?: number }

/** Answers one Kinesis call. */
export function answerKinesis(state: SandboxAws, request: AwsRequest): AwsReply {
  const input = JSON.parse(request.body.toString('utf8') || '{}') as Input
  const answer = calls[request.action]?.({ state, region: request.region, input })
  if (!answer) throw new AwsFault(400, 'InvalidAction', `No action ${request.action}.`)
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) }
}

type Call = (of: { state: SandboxAws; region: string; input: Input }) => Record<string, unknown>

const calls: Record<string, Call> = {
  ListStreams: ({ state, region, input }) => {
    const all = state.regions[region]?.streams ?? []
    const names = all.map(({ name }) => name).toSorted()
    const { items, more } = after(names, { last: input.ExclusiveStartStreamName, size: input.Limit ?? 100, state })
    return { StreamNames: items, HasMoreStreams: more }
  },
  DescribeStreamSummary: ({ state, region, input }) => {
    const { name, shards, mode = 'PROVISIONED', createdAt } = streamOf({ state, region, input })
    const StreamARN = `arn:aws:kinesis:${region}:${state.accountId}:stream/${name}`
    return {
      StreamDescriptionSummary: {
        StreamName: name,
        StreamARN,
        StreamStatus: 'ACTIVE',
        StreamModeDetails: { StreamMode: mode },
        RetentionPeriodHours: 24,
        StreamCreationTimestamp: createdAt.getTime() / 1000,
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        OpenShardCount: shards,
      },
    }
  },
  ListTagsForStream: (of) => {
    const tags = streamOf(of).tags ?? {}
    const last = of.input.ExclusiveStartTagKey
    const { items, more } = after(Object.keys(tags).toSorted(), { last, size: of.input.Limit ?? 10, state: of.state })
    return { Tags: items.map((Key) => ({ Key, Value: tags[Key] })), HasMoreTags: more }
  },
}

function streamOf({ state, region, input }: Parameters<Call>[0]): SandboxStream {
  const stream = state.regions[region]?.streams.find(({ name }) => name === input.StreamName)
  if (!stream)
    throw new AwsFault(400, 'ResourceNotFoundException', `Stream ${input.StreamName} under account not found.`)
  return stream
}

function after(names: string[], { last, size, state }: { last: string | undefined; size: number; state: SandboxAws }) {
  const rest = names.filter((name) => last === undefined || name > last)
  const items = rest.slice(0, Math.min(size, state.pageLimit ?? size))
  return { items, more: items.length < rest.length }
}
