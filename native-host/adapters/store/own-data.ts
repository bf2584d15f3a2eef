import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import type { Places } from '../../platform/files/places.ts'
import { namesWithin, readPlainWithin } from '../../platform/files/read-within.ts'
import { inStore, isFileError } from '../../platform/files/store-error.ts'
import { parseHeldName } from './held-name.ts'
import { keyOf, parseName } from './outbox-name.ts'

/**
 * What this computer keeps of the person, read beside a tracker that may run: nothing here is written, moved or locked
 * for longer than a statement takes.
 */

/** A sealed file of the tracker's own. `date` and `key` end its future object's key, which the records name. */
export type SealedFile = {
  name: string
  kind: 'records' | 'screenshot'
  format: 'webp' | 'jpg'
  key: string
  date: string
  seq: number
  /** Of a held screenshot. */
  taken?: Temporal.Instant
  /** @throws AppError FILE_UNREADABLE; undefined when it has moved on meanwhile */
  sealed(): Uint8Array | undefined
}

/** In the order of their numbers. */
export function sealedFilesIn(folder: string): SealedFile[] {
  const found: SealedFile[] = []
  for (const name of namesOf(folder)) {
    const held = parseHeldName(name)
    const item = held ? held.item : parseName(name)
    if (!item || held?.deleted) continue
    found.push({
      name,
      kind: item.content.kind,
      format: item.content.kind === 'screenshot' && item.content.format === 'jpeg' ? 'jpg' : 'webp',
      key: keyOf('', item).replace(/^.*\//, ''),
      date: item.date,
      seq: item.seq,
      ...(held && { taken: held.picture.taken }),
      sealed: () => readIfThere(join(folder, name)),
    })
  }
  return found.sort((a, b) => a.seq - b.seq)
}

/** The names of all that lies there. */
export function namesOf(folder: string): string[] {
  try {
    return [...namesWithin(folder)].sort()
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'ENOTDIR')) return []
    throw new AppError('FILE_UNREADABLE', { detail: folder, cause: error })
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readPlainWithin(path, budgets.objectBytes.most)
  } catch (cause) {
    if (isFileError(cause, 'ENOENT')) return undefined
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

/** The lines of the journal that are in no sealed file yet, each without its end. @throws AppError STORE_DAMAGED and as the store */
export function unsealedLines({ stateDb }: Pick<Places, 'stateDb'>): string[] {
  return (
    reading(stateDb, db =>
      db
        .prepare('SELECT line FROM record ORDER BY seq')
        .all()
        .map(({ line }) => String(line)),
    ) ?? []
  )
}

export type Table = { name: string; rows: Iterable<Record<string, unknown>> }

/** Every table of the database as it is, one row after the other, while `use` lasts. @throws AppError as the store */
export async function withTables(
  { stateDb }: Pick<Places, 'stateDb'>,
  use: (tables: readonly Table[]) => Promise<void>,
): Promise<void> {
  if (!existsSync(stateDb)) return
  using db = inStore(stateDb, () => new DatabaseSync(stateDb, { readOnly: true, timeout: busyMs }))
  const names = inStore(stateDb, () =>
    db
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      )
      .all(),
  )
  await use(
    names.map(({ name }) => ({
      name: String(name),
      rows: {
        [Symbol.iterator]: () =>
          db.prepare(`SELECT * FROM "${String(name).replaceAll('"', '""')}"`).iterate(),
      },
    })),
  )
}

function reading<T>(path: string, read: (db: DatabaseSync) => T): T | undefined {
  if (!existsSync(path)) return undefined
  return inStore(path, () => {
    using db = new DatabaseSync(path, { readOnly: true, timeout: busyMs })
    return read(db)
  })
}

/** How long to wait for a tracker that is writing. */
const busyMs = 2000
