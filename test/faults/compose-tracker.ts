import { folderDestination } from '../../native-host/adapters/destination/folder/destination.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import type { MultipartProgress } from '../../native-host/adapters/destination/s3/ports.ts'
import { compressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { ensureKeys, readRecipients } from '../../native-host/adapters/seal/keys.ts'
import { createSealer } from '../../native-host/adapters/seal/seal-age.ts'
import { openJournal } from '../../native-host/adapters/store/journal-sqlite.ts'
import { acquireLock } from '../../native-host/adapters/store/lock.ts'
import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { openMultipartProgress } from '../../native-host/adapters/store/multipart-sqlite.ts'
import { openOutbox } from '../../native-host/adapters/store/outbox.ts'
import { heldThrough } from '../../native-host/adapters/store/review-queue.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { openTimelineStore } from '../../native-host/adapters/store/timeline-sqlite.ts'
import { coveredHead, readWaitingHead } from '../../native-host/adapters/store/waiting-head.ts'
import { drainOutbox } from '../../native-host/delivery/drain-outbox.ts'
import type { Destination } from '../../native-host/delivery/ports.ts'
import { createSealing } from '../../native-host/journal/seal-journal.ts'
import type { Clock } from '../../native-host/kernel/ports.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import type { Task } from './worker-task.ts'

export type Tracker = Awaited<ReturnType<typeof composeTracker>>

/**
 * The way of a record and of a picture from being accepted to being delivered, with the adapters and flows of the
 * agent, put together as its root does; only what watches input and screen is left out.
 */
export async function composeTracker({ home, clock, deliverTo: open, device: called }: Parts) {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  const lock = acquireLock(places.lockDb)
  if (!lock) throw new Error(`another tracker is at work in ${home}`)
  using opened = new DisposableStack()
  opened.use(lock)
  const { db, problem } = openDatabase(places.stateDb)
  opened.defer(() => db.close())
  const memory = openMemory(db)
  const waiting = readWaitingHead(places.outbox)
  const device = memory.get('device') ?? waiting?.device ?? called ?? 'device-under-test'
  memory.set('device', device)
  const outbox = await openOutbox({
    ...{ db, folder: places.outbox, quarantine: places.quarantine, device },
    reservedThrough: heldThrough(places.held),
  })
  const timeline = openTimelineStore(db)
  const head = coveredHead(outbox.coveredThrough(), waiting)
  const journal = openJournal(db, clock, head, record => timeline.keep(record))
  const uploads = openMultipartProgress(db)
  await ensureKeys(places)
  const sealer = createSealer(createSignal(await readRecipients(places)), {
    device,
    key: await openDeviceKey(places),
  })
  const sealing = createSealing({ journal, outbox, sealer, compress: compressZstd, clock })
  const drain = drainOutbox({
    outbox,
    destination: createSignal(open(uploads)),
    memory,
    network: { metered: async () => false, watch: () => undefined },
    hold: async () => undefined,
    clock,
    random: Math.random,
    log: () => undefined,
  })
  const toClose = opened.move()
  return {
    places,
    device,
    outbox,
    journal,
    sealer,
    compress: compressZstd,
    sealing,
    drain,
    uploads,
    /** What was found broken at the start. */
    problem,
    [Symbol.dispose]: () => toClose.dispose(),
  }
}

/** Given the record of uploads in parts, which lies in the tracker's own database. */
type DeliverTo = (uploads: MultipartProgress) => Destination

type Parts = { home: string; clock: Clock; deliverTo: DeliverTo; device?: string }

export function deliverTo(to: Task['destination']): DeliverTo {
  if (to.kind === 'folder') return () => folderDestination(to.folder)
  const { keys, stallMs, ...place } = to
  return uploads => s3Destination(s3Settings(place), s3World(keys, { uploads, ...(stallMs && { stallMs }) }))
}
