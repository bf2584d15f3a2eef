import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { placesOf } from '../../native-host/adapters/base/places.ts'
import { ensureKeys } from '../../native-host/adapters/seal/keys.ts'
import { systemClock } from '../../native-host/adapters/system/system-clock.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { composeTracker, destinationOf } from './compose-tracker.ts'
import { type Accepted, accepted, addAccepted, judge, opensWithAge, type Verdict } from './oracle.ts'
import type { Report, Task } from './worker-task.ts'

/** One tracker's home and its destination, in a folder of their own, and what is known to have been accepted. */
export type Scene = AsyncDisposable & {
  folder: string
  home: string
  destination: Extract<Task['destination'], { kind: 'folder' }>
  accepted: Accepted
  /** What the worker said is accepted from now on. */
  note(reports: readonly Report[]): void
  /**
   * The next start, as after any end: recovers, accepts something new, delivers everything. Resolves to how long it
   * took until the new thing had arrived.
   */
  recover(): Promise<{ freshMs: number }>
  judge(): Promise<Verdict>
  /** Of one object, by Debian's age. */
  sampleWithAge(): Promise<boolean>
}

/** @param folder where it is to lie, such as on a disk that will lose power; one that is there already is used again */
export async function setScene(folder?: string): Promise<Scene> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'at-fault-')))
  const home = join(root, 'home')
  const delivered = join(root, 'delivered')
  await mkdir(delivered, { recursive: true })
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  // Made before any fault: losing the identity is another matter than losing what was sealed for it.
  await ensureKeys(places)
  const destination = { kind: 'folder', folder: delivered } as const
  const known = accepted()

  return {
    folder: root,
    home,
    destination,
    accepted: known,
    note: reports => addAccepted(known, reports),
    async recover() {
      const begun = performance.now()
      const clock = systemClock
      using tracker = await composeTracker({ home, clock, destination: destinationOf({ home, destination }) })
      tracker.journal.append({ kind: 'resumed' })
      await tracker.sealing.sealAll()
      await tracker.drain.drainNow(new AbortController().signal)
      const left = tracker.outbox.summary.value.items
      if (left > 0) throw new Error(`${left} items stay in the outbox: ${tracker.drain.problem.value?.code}`)
      return { freshMs: performance.now() - begun }
    },
    async judge() {
      const files = [...(await filesBelow(delivered))].map(
        ([path, bytes]) => [relative(delivered, path), bytes] as const,
      )
      // What a killed delivery left unfinished has a name of its own and is no object.
      return judge(new Map(files.filter(([key]) => key.endsWith('.age'))), places.identity, known)
    },
    async sampleWithAge() {
      const [path] = [...(await filesBelow(delivered)).keys()].filter(name => name.endsWith('.age'))
      return path !== undefined && opensWithAge(path, places.identity)
    },
    async [Symbol.asyncDispose]() {
      if (folder === undefined) await rm(root, { recursive: true, force: true })
    },
  }
}
