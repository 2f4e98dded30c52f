/** Which services the AWS stand-in speaks, and how. */
import { answerCloudWatch } from './aws-cloudwatch.ts'
import { answerEc2 } from './aws-ec2.ts'
import { answerElb } from './aws-elb.ts'
import { answerIam } from './aws-iam.ts'
import { answerKinesis } from './aws-kinesis.ts'
import { answerPricing } from './aws-pricing.ts'
import { answerRds } from './aws-rds.ts'
import { answerReports } from './aws-reports.ts'
import type { AwsReply, AwsRequest } from './aws-request.ts'
import { answerS3 } from './aws-s3.ts'
import { answerSavingsPlans } from './aws-savings-plans.ts'
import type { SandboxAws } from './aws-state.ts'

/** Services by the name requests are signed for; STS knows all accounts. */
export const services: Record<string, (state: SandboxAws, request: AwsRequest, now: Date) => AwsReply> = {
  'bcm-data-exports': answerReports,
  cur: answerReports,
  ec2: answerEc2,
  elasticloadbalancing: answerElb,
  iam: answerIam,
  kinesis: answerKinesis,
  monitoring: answerCloudWatch,
  pricing: answerPricing,
  rds: answerRds,
  s3: answerS3,
  savingsplans: answerSavingsPlans,
}

/** Those that answer in JSON, whose errors are JSON too. */
export const inJson = ['bcm-data-exports', 'cur', 'kinesis', 'monitoring', 'pricing', 'savingsplans']
