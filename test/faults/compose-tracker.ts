import { placesOf } from '../../native-host/adapters/base/places.ts'
import { chooseDestination } from '../../native-host/adapters/destination/choose.ts'
import { compressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { ensureKeys, readRecipients } from '../../native-host/adapters/seal/keys.ts'
import { createSealer } from '../../native-host/adapters/seal/seal-age.ts'
import { openJournal } from '../../native-host/adapters/store/journal-sqlite.ts'
import { acquireLock } from '../../native-host/adapters/store/lock.ts'
import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { openOutbox } from '../../native-host/adapters/store/outbox.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { createCell } from '../../native-host/core/cell.ts'
import { createDrain } from '../../native-host/flows/drain-outbox.ts'
import { createSealing } from '../../native-host/flows/seal-journal.ts'
import type { Clock, Destination } from '../../native-host/ports.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { fakeMultipartProgress } from '../fakes-multipart.ts'
import type { Task } from './worker-task.ts'

export type Tracker = Awaited<ReturnType<typeof composeTracker>>

/**
 * The way of a record and of a picture from being accepted to being delivered, with the adapters and flows of the
 * agent, put together as its root does; only what watches input and screen is left out.
 */
export async function composeTracker({ home, clock, destination }: Parts) {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  const lock = acquireLock(places.lockDb)
  if (!lock) throw new Error(`somebody else is at work in ${home}`)
  const { db, problem } = openDatabase(places.stateDb)
  const memory = openMemory(db)
  const device = memory.recall('device') ?? 'device-under-test'
  memory.keep('device', device)
  const outbox = await openOutbox({ db, folder: places.outbox, quarantine: places.quarantine, device })
  const journal = openJournal(db, clock, outbox.coveredThrough())
  await ensureKeys(places)
  const sealer = createSealer(createCell(await readRecipients(places)))
  const sealing = createSealing({ journal, outbox, sealer, compress: compressZstd, clock })
  const drain = createDrain({
    outbox,
    destination: createCell(destination),
    memory,
    network: { metered: async () => false, watch: () => undefined },
    hold: async () => undefined,
    clock,
    random: Math.random,
    log: () => undefined,
  })
  return {
    places,
    outbox,
    journal,
    sealer,
    compress: compressZstd,
    sealing,
    drain,
    /** What was found broken at the start. */
    problem,
    [Symbol.dispose]() {
      db.close()
      lock[Symbol.dispose]()
    },
  }
}

type Parts = { home: string; clock: Clock; destination: Destination }

export function destinationOf({ home, destination: to }: Pick<Task, 'home' | 'destination'>): Destination {
  const uploads = fakeMultipartProgress()
  const world = { delivered: home, env: {}, uploads, proxyLogin: async () => undefined }
  if (to.kind === 'folder') {
    return chooseDestination(
      { ...defaultSettings, folder: to.folder },
      { ...world, credentials: async () => undefined },
    )
  }
  const { endpoint, region, bucket, prefix, keys } = to
  return chooseDestination(
    { ...defaultSettings, endpoint, region, prefix, bucket_name: bucket },
    { ...world, credentials: async () => async () => keys },
  )
}
