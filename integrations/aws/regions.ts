import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { AccountIdentity, Credentials } from '../cloud.ts'
import { awsConfig, call, type AwsOptions } from './client.ts'

/**
 * Asks AWS whose key this is; it needs no permission, so it only fails for a wrong key or a silent AWS. Accounts of the
 * China partition are billed in CNY (AWS China, billing); elsewhere only a bill says its currency.
 */
export async function whoAmI(options: AwsOptions, credentials: Credentials): Promise<AccountIdentity> {
  const sts = new STSClient(awsConfig(options, { service: 'sts', credentials }))
  const { Account: account = '', Arn: arn = '' } = await call('sts:GetCallerIdentity', () =>
    sts.send(new GetCallerIdentityCommand()),
  )
  return { cloudAccountId: account, name: `AWS ${account}`, currency: arn.startsWith('arn:aws-cn:') ? 'CNY' : null }
}

/** The regions that are enabled for the account, by name. */
export async function enabledRegions(options: AwsOptions, credentials: Credentials): Promise<string[]> {
  const ec2 = new EC2Client(awsConfig(options, { credentials }))
  const answer = await call('ec2:DescribeRegions', () => ec2.send(new DescribeRegionsCommand({ AllRegions: false })))
  return (answer.Regions ?? []).flatMap((region) => region.RegionName ?? []).sort()
}
