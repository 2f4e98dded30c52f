import { z } from 'zod'

/** The connect form of an AWS account: an access key of a user that holds only the read policy (`iam-policy.ts`). */
export const awsCredentials = z.object({
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
export type AwsCredentials = z.infer<typeof awsCredentials>
