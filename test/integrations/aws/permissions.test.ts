import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'

const folder = join(import.meta.dirname, '../../../integrations/aws')
const { permissions } = awsAdapter()

/** Every call names its IAM action, so that a refusal can say it; nobody needs a permission to ask who he is. */
function actionsInUse(): string[] {
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'adapter.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  const named = texts.flatMap((text) => [...text.matchAll(/'([a-z0-9]+:[A-Z]\w+)'/g)].map(([, action]) => action!))
  return [...new Set(named)].filter((action) => action !== 'sts:GetCallerIdentity')
}

describe('the read policy of AWS', () => {
  it('asks for what is called and nothing else', () => {
    expect([...permissions.read].sort()).toEqual(actionsInUse().sort())
  })
})
