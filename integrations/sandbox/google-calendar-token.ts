/** The token endpoint: a signed JWT in, an access token out, as RFC 7523 and Google's service accounts do it. */
import { randomUUID, verify } from 'node:crypto'
import { z } from 'zod'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const tokenUrl = 'https://oauth2.googleapis.com/token'

const claims = z.object({ iss: z.string(), scope: z.string(), aud: z.string(), iat: z.number(), exp: z.number() })

export type TokenDesk = {
  /** The answer to a token request: a status and a body. */
  grant: (form: Record<string, unknown>) => { status: 200 | 400; body: Record<string, unknown> }
  /** Was this `Authorization` header made from a token that still lives? */
  accepts: (header: string | undefined) => boolean
}

/** Grants tokens to the holder of the private key. Tokens live an hour and do not survive a restart. */
export function createTokenDesk({ publicKey, clientEmail }: { publicKey: string; clientEmail: string }): TokenDesk {
  const living = new Map<string, number>()
  const refuse = (error: string, why: string) => ({ status: 400, body: { error, error_description: why } }) as const
  return {
    grant({ grant_type: type, assertion }) {
      if (type !== grantType) return refuse('unsupported_grant_type', `Invalid grant_type: ${String(type)}`)
      const claimed = readAssertion(String(assertion), publicKey)
      if (!claimed) return refuse('invalid_grant', 'Invalid JWT Signature.')
      const now = Date.now() / 1000
      if (claimed.iss !== clientEmail) return refuse('invalid_grant', 'Invalid grant: account not found')
      if (claimed.aud !== tokenUrl) return refuse('invalid_grant', 'Invalid JWT: audience is not the token endpoint.')
      if (claimed.iat > now + 300 || claimed.exp < now || claimed.exp - claimed.iat > 3600)
        return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.')
      if (!claimed.scope.includes('/auth/calendar')) return refuse('invalid_scope', 'No calendar scope was asked for.')
      const token = `sandbox.${randomUUID()}`
      living.set(token, Date.now() + 3_599_000)
      return { status: 200, body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } }
    },
    accepts: (header) => (living.get(header?.replace(/^Bearer /, '') ?? '') ?? 0) > Date.now(),
  }
}

function readAssertion(assertion: string, publicKey: string): z.infer<typeof claims> | null {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const signed = verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))
  if (!signed) return null
  const parsed = claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
  return parsed.success ? parsed.data : null
}
