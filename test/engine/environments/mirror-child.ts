/** A process that mirrors bookings and clears calendars as the product does and may be killed at any moment: node mirror-child.ts <database> <calendar> <key file>. */
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { connect } from '../../../db/client.ts'
import { sealer } from '../../../db/secrets.ts'
import { claimWork } from '../../../db/work-claim.ts'
import clear from '../../../engine/jobs/clear-calendar.ts'
import mirrorAll from '../../../engine/jobs/mirror-all-bookings.ts'
import mirrorOne from '../../../engine/jobs/mirror-booking.ts'
import { createBoss, work } from '../../../engine/worker.ts'
import { googleCalendar } from '../../../integrations/google/calendar.ts'

const [url = '', rootUrl = '', keyFile = ''] = process.argv.slice(2)
const boss = createBoss(url)
await boss.start()
await claimWork(url)
const deps = {
  ...{ db: connect(url, { max: 3 }).db, boss, now: () => new Date(), secrets: sealer('a master key for tests') },
  outside: {
    clouds: {},
    readBill: () => Promise.reject(new Error('No bills are read here.')),
    calendar: googleCalendar({ credentialsJson: readFileSync(keyFile, 'utf8'), rootUrl }),
  },
  ...{ log: pino({ level: 'silent' }), spool: '', publicUrl: 'https://finops.example.com' },
}
await work(boss, deps, [mirrorOne, mirrorAll, clear])
