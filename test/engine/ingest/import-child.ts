/** A process that imports one bill and may be killed at any moment: node import-child.ts <database> <org> <account> <import> <spool>. */
import pino from 'pino'
import { connect } from '../../../db/client.ts'
import { sealer } from '../../../db/secrets.ts'
import { contextFor, jobActor, type Deps } from '../../../engine/context.ts'
import { importBill } from '../../../engine/ingest/import-bill.ts'
import { createBoss } from '../../../engine/worker.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'

const [url = '', orgId = '', accountId = '', importId = '', spool = ''] = process.argv.slice(2)
const database = connect(url, { max: 3 })
const boss = createBoss(url)
await boss.start()
const deps: Deps = {
  db: database.db,
  boss,
  now: () => new Date(),
  outside: { clouds: {}, readBill: billReader(), calendar: null },
  secrets: sealer('a master key for tests'),
  log: pino({ level: 'silent' }),
  spool,
  publicUrl: 'https://finops.example.com',
}
process.stdout.write('importing\n')
await importBill(contextFor(deps, orgId, jobActor('import-bill')), { accountId, importId })
await boss.stop({ graceful: false })
await database.close()
