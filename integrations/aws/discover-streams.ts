import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  type StreamDescriptionSummary,
  type Tag,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, call, callIfThere, type AwsOptions, type AwsTarget } from './client.ts'
import { tagsOf } from './tags.ts'

/** Every Kinesis data stream of a region with its open shards: one call for the list, two for each stream. */
export const discoverStreams = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = kinesis(options, { credentials, region })
    for await (const StreamName of streamNames(client)) {
      const stream = await callIfThere({ action: 'kinesis:DescribeStreamSummary', absent: gone }, () =>
        client.send(new DescribeStreamSummaryCommand({ StreamName })),
      )
      const tags = await tagsOfStream(client, StreamName)
      // Emulators of one region show its streams in all of them.
      const isHere = stream?.StreamDescriptionSummary?.StreamARN?.split(':')[3] === region
      if (isHere && tags) yield toStream(stream.StreamDescriptionSummary!, region, tags)
    }
  }

/** A stream that was deleted since it was listed. */
const gone = ['ResourceNotFoundException']

/** Over HTTP/1.1: the client's own HTTP/2 handler fails at emulators and proxies. */
export function kinesis(options: AwsOptions, target: AwsTarget): KinesisClient {
  const config = awsConfig(options, { ...target, service: 'kinesis' })
  return new KinesisClient({ ...config, requestHandler: new NodeHttpHandler(config.requestHandler) })
}

async function* streamNames(client: KinesisClient): AsyncIterable<string> {
  for (let after: string | undefined; ;) {
    // Paged by the last name: that is the only way older emulators know.
    const input = after === undefined ? {} : { ExclusiveStartStreamName: after }
    const page = await call('kinesis:ListStreams', () => client.send(new ListStreamsCommand(input)))
    const names = page.StreamNames ?? []
    yield* names
    after = names.at(-1)
    if (!page.HasMoreStreams || after === undefined) return
  }
}

async function tagsOfStream(client: KinesisClient, StreamName: string): Promise<Tag[] | null> {
  const found: Tag[] = []
  for (;;) {
    const last = found.at(-1)?.Key
    const input = { StreamName, ...(last === undefined ? {} : { ExclusiveStartTagKey: last }) }
    const page = await callIfThere({ action: 'kinesis:ListTagsForStream', absent: gone }, () =>
      client.send(new ListTagsForStreamCommand(input)),
    )
    if (!page) return null
    found.push(...(page.Tags ?? []))
    if (!page.HasMoreTags || !page.Tags?.length) return found
  }
}

/** A stream by its ARN, as the bill calls it: names are taken once per region. */
export function toStream(stream: StreamDescriptionSummary, region: string, tags: Tag[] = []): SeenResource {
  const { StreamName: name = '', StreamARN: arn = '' } = stream
  return {
    cloudResourceId: arn,
    type: 'Kinesis Stream',
    name,
    service: 'AmazonKinesis',
    region,
    tags: tagsOf(tags),
    facts: {
      shards: stream.OpenShardCount,
      mode: stream.StreamModeDetails?.StreamMode ?? 'PROVISIONED',
      state: stream.StreamStatus,
    },
    cloudCreatedAt: stream.StreamCreationTimestamp ?? null,
  }
}
