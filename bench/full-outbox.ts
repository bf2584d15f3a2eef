import { randomBytes } from 'node:crypto'
import { openOutbox } from '../native-host/adapters/store/outbox.ts'
import { openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { median } from './figure.ts'

/** A program of its own, so that its memory is that of an outbox and of nothing else. Prints one line of JSON. */
const [home = '', puts = '0'] = process.argv.slice(2)
const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
const sealed = randomBytes(300_000)

const begun = performance.now()
const { db } = openDatabase(places.stateDb)
const outbox = await openOutbox({
  db,
  folder: places.outbox,
  quarantine: places.quarantine,
  device: 'device-bench',
})
const first = outbox.next()
const startMs = performance.now() - begun

const putMs: number[] = []
for (let n = 0; n < Number(puts); n++) {
  const before = performance.now()
  await outbox.put({ at: Temporal.Now.instant(), sealed, content: { kind: 'screenshot' } })
  putMs.push(performance.now() - before)
}
if (first && outbox.summary.value.items < 2) throw new Error('the outbox was to be full')
const { items } = outbox.summary.value
const rssMb = process.memoryUsage.rss() / 1024 / 1024
console.log(JSON.stringify({ startMs, items, rssMb, putMs: putMs.length > 0 ? median(putMs) : 0 }))
db.close()
