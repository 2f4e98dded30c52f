import { JWT } from 'google-auth-library'
import { z } from 'zod'

const serviceAccountKey = z.object({ client_email: z.email(), private_key: z.string().startsWith('-----BEGIN') })

/** Rights the service account asks for: the events of calendars that were shared with it. */
const scopes = ['https://www.googleapis.com/auth/calendar']

/** A Google request that is not answered within so many milliseconds is given up. */
const timeoutMs = 10_000

export type ServiceAccount = { address: string; client: JWT }

/**
 * A client that signs in with a service account key (the JSON file Google hands out). `rootUrl` sends every request,
 * the one for the token too, to another address. Throws when the text is not such a key; never repeats it.
 */
export function serviceAccount(credentialsJson: string, rootUrl?: string): ServiceAccount {
  const key = serviceAccountKey.safeParse(parse(credentialsJson))
  if (!key.success)
    throw new Error(
      'GOOGLE_CREDENTIALS is not a service account key. In Google Cloud open IAM › Service accounts › Keys and add a JSON key.',
    )
  const client = new JWT({
    email: key.data.client_email,
    key: key.data.private_key,
    scopes,
    transporterOptions: { timeout: timeoutMs, ...(rootUrl ? { fetchImplementation: elsewhere(rootUrl) } : {}) },
  })
  return { address: key.data.client_email, client }
}

function elsewhere(rootUrl: string): typeof fetch {
  return (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input)
    return fetch(new URL(asked.pathname + asked.search, rootUrl), init)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
