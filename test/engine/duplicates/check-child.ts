/** A process that runs one check and may be killed at any moment: node check-child.ts <database> <org> <check> <aws>. */
import pino from 'pino'
import { connect } from '../../../db/client.ts'
import { sealer } from '../../../db/secrets.ts'
import { contextFor, jobActor, type Deps } from '../../../engine/context.ts'
import { runDuplicateCheck } from '../../../engine/duplicates/check.ts'
import { createBoss } from '../../../engine/worker.ts'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'

const [url = '', orgId = '', checkId = '', aws = ''] = process.argv.slice(2)
const database = connect(url, { max: 6 })
const boss = createBoss(url)
await boss.start()
const deps: Deps = {
  db: database.db,
  boss,
  now: () => new Date('2026-11-23T10:00:00Z'),
  outside: { clouds: { aws: awsAdapter({ endpoint: aws }) }, readBill: () => Promise.reject(), calendar: null },
  secrets: sealer('a master key for tests'),
  log: pino({ level: 'silent' }),
  spool: '',
  publicUrl: 'https://finops.example.com',
}
process.stdout.write('checking\n')
await runDuplicateCheck(contextFor(deps, orgId, jobActor('check-duplicates')), { checkId })
await boss.stop({ graceful: false })
await database.close()
