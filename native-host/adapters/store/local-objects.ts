import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import type { Journal } from '../../journal/ports.ts'
import { budgets } from '../../kernel/budgets.ts'
import type { LocalObject, LocalObjects } from '../../opened/ports.ts'
import type { Places } from '../../platform/files/places.ts'
import { namesWithinLater, readPlainLater } from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'
import { parseObjectName } from '../../verify/object-order.ts'
import { parseHeldName } from './held-name.ts'
import { keyOf, parseName } from './outbox-name.ts'

type Ports = {
  places: Pick<Places, 'outbox' | 'held'>
  device: string
  /** Folders that objects were delivered to. */
  roots: () => readonly string[]
  journal: Pick<Journal, 'unsealed'>
}

type Found = Omit<LocalObject, 'sealed'> & { path: string }

/**
 * What of this device lies on this computer, found by its names alone. An object that moves on while days are opened is found
 * where it goes: from the outbox and the review queue to the folder.
 */
export function localObjects({ places, device, roots, journal }: Ports): LocalObjects {
  /** By date: of the outbox and the review queue, as they were when the dates were asked for. */
  let waiting = new Map<string, Found[]>()

  return {
    async dates() {
      waiting = Map.groupBy(await listWaiting(), ({ date }) => date)
      const dates = new Set(waiting.keys())
      for (const root of roots())
        for await (const name of namesIn(join(root, device))) if (isDate(name)) dates.add(name)
      return [...dates].sort()
    },

    async of(date) {
      const found = new Map<string, Found>()
      for (const root of roots())
        for await (const name of namesIn(join(root, device, date))) {
          const object = parseObjectName(name, name)
          if (!object) continue
          const { seq, kind } = object
          const key = `${device}/${date}/${name}`
          found.set(key, { key, date, seq, kind, path: join(root, device, date, name) })
        }
      for (const object of waiting.get(date) ?? []) found.set(object.key, object)
      return [...found.values()]
        .sort((a, b) => a.seq - b.seq)
        .map(({ path, ...object }) => ({ ...object, sealed: () => read(path, object.key) }))
    },

    unsealed() {
      const lines = journal.unsealed(budgets.segmentLines.most)?.lines.split('\n') ?? []
      return lines.filter(line => line !== '')
    },
  }

  async function listWaiting(): Promise<Found[]> {
    const found: Found[] = []
    for (const folder of [places.held, places.outbox])
      for await (const name of namesIn(folder)) {
        const held = parseHeldName(name)
        const item = held ? held.item : parseName(name)
        if (!item || held?.deleted) continue
        const { seq, date, content } = item
        found.push({
          ...{ key: keyOf(device, item), date, seq, kind: content.kind },
          path: join(folder, name),
        })
      }
    return found
  }

  async function read(path: string, key: string): Promise<Uint8Array | undefined> {
    const moved = [path, ...roots().map(root => join(root, key))]
    for (const place of moved) {
      const bytes = await readIfThere(place)
      if (bytes) return bytes
    }
    // From the review queue it goes to the outbox first.
    const waits = (await listWaiting()).find(object => object.key === key)
    return waits && (await readIfThere(waits.path))
  }
}

/** None where there is no such folder, such as one on a drive that is not plugged in. */
async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    yield* namesWithinLater(folder)
  } catch (cause) {
    if (isFileError(cause, 'ENOENT') || isFileError(cause, 'ENOTDIR')) return
    throw new AppError('FILE_UNREADABLE', { detail: folder, cause })
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readPlainLater(path, budgets.objectBytes.most)
  } catch (cause) {
    if (isFileError(cause, 'ENOENT') || isFileError(cause, 'ENOTDIR')) return undefined
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

function isDate(name: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(name)
}
