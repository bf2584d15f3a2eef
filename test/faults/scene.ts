import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import { ensureKeys } from '../../native-host/adapters/seal/keys.ts'
import { type Places, placesOf } from '../../native-host/platform/files/places.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { composeTracker, deliverTo } from './compose-tracker.ts'
import { type Accepted, accepted, addAccepted, judge, opensWithAge, type Verdict } from './oracle.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'
import type { Report, Task } from './worker-task.ts'

type Destination = Task['destination']

/** One tracker's home and its destination, and what is known to have been accepted. */
export type Scene<D extends Destination = Destination> = AsyncDisposable & {
  /** Contains the home and, when that is a folder, the destination. */
  folder: string
  home: string
  places: Places
  destination: D
  accepted: Accepted
  /** What the worker said is accepted from now on. */
  note(reports: readonly Report[]): void
  /**
   * The next start, as after any end: recovers, accepts something new, delivers everything. Resolves to how long it
   * took until the new thing had arrived.
   */
  recover(): Promise<{ freshMs: number }>
  judge(): Promise<Verdict>
  /** Whether Debian's age opens one of the delivered objects to the same bytes. */
  sampleWithAge(): Promise<boolean>
}

export type FolderScene = Scene<Extract<Destination, { kind: 'folder' }>>

/** @param folder where it is to lie, such as on a disk that will lose power; the caller removes it then */
export async function setScene(folder?: string): Promise<FolderScene> {
  const root = folder ?? (await makeTemporaryFolder())
  const delivered = join(root, 'delivered')
  await prepareFolder(delivered)
  const scene = await sceneOf(root, { kind: 'folder', folder: delivered }, async () => {
    const files = [...(await filesBelow(delivered))]
    return new Map(files.map(([path, bytes]) => [relative(delivered, path), bytes]))
  })
  return {
    ...scene,
    async [Symbol.asyncDispose]() {
      if (folder === undefined) await removeTemporaryFolder(root)
    },
  }
}

/** @param objects reads everything that is at the destination */
export async function sceneOf<D extends Destination>(
  folder: string,
  destination: D,
  objects: () => Promise<Map<string, Uint8Array>>,
): Promise<Scene<D>> {
  const home = join(folder, 'home')
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  // Made before any fault: losing the identity is another matter than losing what was sealed for it.
  await ensureKeys(places)
  const known = accepted()
  return {
    folder,
    home,
    places,
    destination,
    accepted: known,
    note: reports => addAccepted(known, reports),
    async recover() {
      const begun = performance.now()
      using tracker = await composeTracker({ home, clock: systemClock, deliverTo: deliverTo(destination) })
      tracker.journal.append({ kind: 'resumed' })
      await tracker.sealing.sealAll()
      await tracker.drain.drainNow(new AbortController().signal)
      const left = tracker.outbox.summary.value.items
      if (left > 0) throw new Error(`${left} items stay in the outbox: ${tracker.drain.problem.value?.code}`)
      return { freshMs: performance.now() - begun }
    },
    async judge() {
      // What a killed delivery to a folder left unfinished has a name of its own and is no object.
      const found = [...(await objects())].filter(([key]) => isObject(key))
      return judge(new Map(found), places.identity, known)
    },
    async sampleWithAge() {
      const sample = [...(await objects())].find(([key]) => isObject(key))
      const file = join(folder, 'sample.age')
      if (sample) await writeFile(file, sample[1])
      return sample !== undefined && opensWithAge(file, places.identity)
    },
    [Symbol.asyncDispose]: () => removeTemporaryFolder(folder),
  }
}

function isObject(key: string): boolean {
  return key.endsWith('.age')
}
