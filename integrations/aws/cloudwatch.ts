import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { awsConfig, type AwsOptions, type AwsTarget } from './client.ts'

/** CloudWatch speaks JSON; emulators may know the Query protocol only, which it spoke before and still does. */
export function cloudWatch(options: AwsOptions, target: AwsTarget): CloudWatchClient {
  const config = awsConfig(options, { ...target, service: 'cloudwatch' })
  return new CloudWatchClient({
    ...config,
    ...(options.cloudWatchProtocol === 'query' ? { protocol: AwsQueryProtocol } : {}),
  })
}
