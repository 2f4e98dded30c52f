/** Environment → typed configuration. The only place that reads `process.env`; an error names the variable and what it is for. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

/** A value that never shows itself in logs or errors; `reveal()` gives it to the one client that needs it. */
export type Secret = { reveal: () => string; toString: () => string; toJSON: () => string }

const secret = (value: string): Secret => ({ reveal: () => value, toString: () => '•••', toJSON: () => '•••' })
const hidden = z.string().min(1).transform(secret)
const url = z.url().transform((value) => value.replace(/\/$/, ''))
const parts = ['web', 'bot', 'engine'] as const
/** What the runtime can write an amount in. */
const currencies = new Set(Intl.supportedValuesOf('currency'))
const currency = z
  .string()
  .transform((code) => code.trim().toUpperCase())
  .refine((code) => currencies.has(code), {
    error: ({ input }) => `“${String(input)}” is no currency. Write its three letters, like EUR.`,
  })

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe('port of the web address'),
  HOST: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 opens it to the network'),
  PUBLIC_URL: url.optional().describe('address people reach us at; permalinks start with it'),
  DATA_DIR: z.string().default('.data').describe('folder of the embedded database, the spool and the generated key'),
  DATABASE_URL: z
    .string()
    .startsWith('postgres')
    .optional()
    .describe('a PostgreSQL 15 or newer instead of the embedded one'),
  SECRET_KEY: z
    .string()
    .min(16)
    .transform(secret)
    .optional()
    .describe('seals cloud keys and Slack tokens; 16 characters or more'),
  PARTS: z
    .string()
    .default(parts.join(','))
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(parts)))
    .describe('which parts this process runs'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn').describe('how much is logged'),
  METRICS_TOKEN: hidden.optional().describe('bearer token for /metrics from other machines'),

  ORG_NAME: z
    .string()
    .default('My organization')
    .describe('name of the organization made at the first start with real Slack'),
  ORG_CURRENCY: currency.default('USD').describe('its currency, ISO 4217'),
  ORG_MANAGER: z
    .string()
    .regex(
      /^[UW][A-Z0-9]+$/,
      'Write the id of a Slack user, like U0123ABCDE: it stands in their profile, under “Copy member ID”.',
    )
    .optional()
    .describe('Slack user id of its first organization manager'),

  SLACK_MODE: z.enum(['http', 'socket']).default('http').describe('how Slack reaches us'),
  SLACK_SIGNING_SECRET: hidden.optional().describe('signing secret of the Slack app'),
  SLACK_BOT_TOKEN: hidden.optional().describe('bot token (xoxb-…) of the workspace'),
  SLACK_APP_TOKEN: hidden.optional().describe('app token (xapp-…), for SLACK_MODE=socket'),
  SLACK_API_URL: url.optional().describe('another address for the Slack Web API'),

  GOOGLE_CREDENTIALS: z
    .string()
    .min(1)
    .transform(fileOrText)
    .optional()
    .describe('service account key: the JSON or a path to it'),
  GOOGLE_API_URL: url.optional().describe('another address for Google Calendar'),
  AWS_ACCESS_KEY_ID: z.string().min(16).optional().describe('our own AWS key, to take roles of connected accounts'),
  AWS_SECRET_ACCESS_KEY: hidden.optional().describe('its secret'),
  AWS_ENDPOINT_URL: url.optional().describe('another address for AWS'),
  AWS_ENDPOINT_URL_S3: url.optional().describe('another one for S3'),
  AWS_ENDPOINT_URL_STS: url.optional().describe('another one for STS'),
  AWS_ENDPOINT_URL_IAM: url.optional().describe('another one for IAM'),
  AWS_ENDPOINT_URL_KINESIS: url.optional().describe('another one for Kinesis'),
  AWS_ENDPOINT_URL_CLOUDWATCH: url.optional().describe('another one for CloudWatch'),
  AWS_CLOUDWATCH_PROTOCOL: z.enum(['json', 'query']).default('json').describe('what CloudWatch there understands'),
  BILL_MEMORY_MB: z.coerce.number().int().min(100).default(250).describe('memory for reading one bill'),
})

export type Config = z.infer<typeof environment> & {
  /** No Slack keys: stand-ins on this machine and a demo organization. */
  sandbox: boolean
}

/** Reads the configuration. Throws one sentence per variable that is missing or wrong; nothing was started then. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ path, message }) => `${String(path[0])} (${purpose(String(path[0]))}): ${message}`,
    )
    throw new Error(`The configuration cannot be used; nothing was started.\n${lines.join('\n')}`)
  }
  const config = {
    ...parsed.data,
    DATA_DIR: resolve(parsed.data.DATA_DIR),
    sandbox: !parsed.data.SLACK_BOT_TOKEN && !parsed.data.SLACK_SIGNING_SECRET,
  }
  const missing = missingTogether(config)
  if (missing) throw new Error(`${missing} (${purpose(missing)}) is missing; nothing was started.`)
  return config
}

/** Keys come together: one without the others would start a bot that cannot answer, or take no role. */
function missingTogether(config: z.infer<typeof environment> & { sandbox: boolean }): string | null {
  if (config.DATABASE_URL && !config.SECRET_KEY) return 'SECRET_KEY'
  if (config.AWS_ACCESS_KEY_ID && !config.AWS_SECRET_ACCESS_KEY) return 'AWS_SECRET_ACCESS_KEY'
  if (config.AWS_SECRET_ACCESS_KEY && !config.AWS_ACCESS_KEY_ID) return 'AWS_ACCESS_KEY_ID'
  if (config.sandbox) return null
  if (!config.SLACK_BOT_TOKEN) return 'SLACK_BOT_TOKEN'
  if (config.SLACK_MODE === 'http' && !config.SLACK_SIGNING_SECRET) return 'SLACK_SIGNING_SECRET'
  if (config.SLACK_MODE === 'socket' && !config.SLACK_APP_TOKEN) return 'SLACK_APP_TOKEN'
  return null
}

function purpose(name: string): string {
  return environment.shape[name as keyof typeof environment.shape]?.description ?? 'unknown setting'
}

/** What is no JSON is a path; one that cannot be read may be a key in another form, so it is not repeated. */
function fileOrText(value: string, issues: z.RefinementCtx): Secret {
  try {
    return secret(value.trimStart().startsWith('{') ? value : readFileSync(value, 'utf8'))
  } catch (error) {
    const why = `it is no JSON, and no file that can be read (${(error as NodeJS.ErrnoException).code})`
    issues.addIssue({ code: 'custom', message: why })
    return z.NEVER
  }
}

/** Every variable with what it is for, for the README's table and `npm run finops config`. */
export const settings = Object.entries(environment.shape).map(([name, field]) => ({
  name,
  purpose: field.description ?? '',
}))
