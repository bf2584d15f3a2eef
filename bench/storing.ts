import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { createSealer } from '../native-host/adapters/seal/seal-age.ts'
import { openJournal } from '../native-host/adapters/store/journal-sqlite.ts'
import { openOutbox } from '../native-host/adapters/store/outbox.ts'
import { openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { systemClock } from '../native-host/adapters/system/system-clock.ts'
import { createCell } from '../native-host/core/cell.ts'
import { type Benchmark, median } from './figure.ts'

const screenshotBytes = 300_000

/** What it costs to make things safe: every write waits for the disk. */
const storing: Benchmark = {
  what: 'records and a 300 kB screenshot, sealed and on the disk',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'at-bench-'))
    try {
      const { db } = openDatabase(join(folder, 'state.db'))
      const place = {
        db,
        folder: join(folder, 'outbox'),
        quarantine: join(folder, 'quarantine'),
        device: 'device-bench',
      }
      const outbox = await openOutbox(place)
      const journal = openJournal(db, systemClock)
      const recipient = await identityToRecipient(await generateX25519Identity())
      const sealer = createSealer(createCell([recipient]))
      const picture = randomBytes(screenshotBytes)

      const appendMs = await timesOf(500, () => journal.append({ kind: 'resumed' }))
      const sealMs = await timesOf(50, () => sealer.seal(picture))
      const putMs = await timesOf(50, () =>
        outbox.put({ at: systemClock.now(), sealed: picture, content: { kind: 'screenshot' } }),
      )
      db.close()
      return [
        { name: 'a record, until it is on the disk', value: median(appendMs), unit: 'ms' },
        { name: 'sealing 300 kB', value: median(sealMs), unit: 'ms' },
        { name: 'queueing 300 kB, until it is on the disk', value: median(putMs), unit: 'ms', limit: 10 },
      ]
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}
export default storing

async function timesOf(runs: number, work: () => unknown): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times
}
