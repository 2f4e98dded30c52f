import { z } from 'zod'

/** An access key of a user that holds only the read policy (`grants.ts`). */
export const awsKey = z
  .object({
    accessKeyId: z
      .string()
      .trim()
      .regex(/^[A-Z0-9]{16,128}$/, 'An access key id has 16 or more capital letters and digits, for example AKIA….')
      .meta({ label: 'Access key ID', example: 'AKIAIOSFODNN7EXAMPLE' }),
    secretAccessKey: z
      .string()
      .trim()
      .min(16, 'A secret access key has 40 characters.')
      .max(255)
      .meta({ label: 'Secret access key', secret: true }),
  })
  .meta({ label: 'Access key', about: 'Of an IAM user that holds the read policy and nothing else.' })
export type AwsKey = z.infer<typeof awsKey>

/** A role of the account that trusts this installation, asked for with an external id that only the two know. */
export const awsRole = z
  .object({
    roleArn: z
      .string()
      .trim()
      .regex(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
        'A role is named like arn:aws:iam::123456789012:role/finops.',
      )
      .meta({ label: 'Role ARN', example: 'arn:aws:iam::123456789012:role/finops' }),
    externalId: z.string().min(2).max(1224).meta({ label: 'External ID', given: true }),
  })
  .meta({ label: 'Role', about: 'No secret is kept: we take a session of an hour at most whenever we read.' })
export type AwsRole = z.infer<typeof awsRole>

/** The ways into an AWS account. */
export const awsCredentials = z.union([awsKey, awsRole])

/** Emulators and S3-compatible stores take keys of any form. */
const anyKey = awsKey.extend({
  accessKeyId: z.string().trim().min(1).max(128).meta({ label: 'Access key ID', example: 'AKIAIOSFODNN7EXAMPLE' }),
  secretAccessKey: z.string().trim().min(1).max(255).meta({ label: 'Secret access key', secret: true }),
})

/** The ways into what answers in AWS's place. */
export const otherCredentials = z.union([anyKey, awsRole])
