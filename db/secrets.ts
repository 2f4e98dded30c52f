import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Seals and opens secrets at rest with AES-256-GCM. `place` (organization, table, row) is bound in as associated data, so a
 * sealed value copied to another row does not open. Format: `v1.<iv>.<tag>.<text>`, base64url.
 */
export type Sealer = {
  /** Encrypts a secret for one place. */
  seal: (secret: string, place: string) => string
  /** Decrypts what `seal` made for the same place; throws when it was altered or moved. */
  open: (sealed: string, place: string) => string
  /** A name nobody can guess who does not have the key, always the same for the same place: 32 letters and digits. */
  nameOf: (place: string) => string
}

/** A sealer from the installation's master key (any string of 16 characters or more). */
export function sealer(masterKey: string): Sealer {
  if (masterKey.length < 16)
    throw new Error('SECRET_KEY must have at least 16 characters; it seals cloud keys and Slack tokens.')
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'finops secrets v1', 32))
  const names = Buffer.from(hkdfSync('sha256', masterKey, '', 'finops names v1', 32))
  return {
    nameOf: (place) => createHmac('sha256', names).update(place).digest('hex').slice(0, 32),
    seal(secret, place) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return ['v1', ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join('.')
    },
    open(sealed, place) {
      const [version, iv, tag, text] = sealed.split('.')
      if (version !== 'v1' || !iv || !tag || text === undefined) throw new Error('This is not a sealed secret.')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
      decipher.setAAD(Buffer.from(place)).setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
    },
  }
}
