import { createHash } from 'node:crypto'
import { access, constants, lstat, mkdir, open, opendir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../../../protocol/errors.ts'
import type { Destination, SealedBytes } from '../../../delivery/ports.ts'
import { createTurns } from '../../../kernel/in-turn.ts'
import { isFileError } from '../../../platform/files/store-error.ts'
import {
  makeFolder,
  removeBestEffort,
  syncFolder,
  unfinishedName,
  writeDurably,
} from '../../../platform/files/write-durably.ts'
import { checkMark, markFolder } from './mark.ts'

/**
 * A folder, such as one on another drive or one that another program synchronises with a server. Only `prepareFolder`
 * creates it, never a delivery: when a drive is unplugged, its empty mount point must not fill up. An empty mount point
 * lacks the mark.
 */
export function folderDestination(path: string): Destination {
  const root = resolve(path)
  const inTurn = createTurns()
  /** Folders known to survive a power cut, and free of what an earlier process left unfinished. */
  const settled = new Set<string>()

  async function settle(folder: string): Promise<void> {
    for await (const { name } of await opendir(folder))
      if (unfinishedName.test(name)) await removeBestEffort(join(folder, name))
    // From the inside out, up to the root: each holds the name of the one before.
    for (let outer = folder; ; outer = dirname(outer)) {
      await syncFolder(outer)
      if (outer === root) break
    }
    settled.add(folder)
  }

  async function deliver(key: string, bytes: SealedBytes, signal: AbortSignal): Promise<void> {
    const path = join(root, ...segmentsOf(key))
    const folder = dirname(path)
    if (await makeBetween(root, folder)) settled.delete(folder)
    if (!settled.has(folder)) await settle(folder)
    if (await holds(path, bytes)) return syncFile(path)
    await writeDurably(path, piecesOf(bytes, signal))
  }

  return {
    kind: 'folder',
    // More would wait for the same disk.
    atOnce: 1,
    where: root,
    put: (key, bytes, signal) =>
      inTurn(async () => {
        signal.throwIfAborted()
        try {
          await checkMark(root)
          await deliver(key, bytes, signal)
        } catch (error) {
          signal.throwIfAborted()
          throw await explain(error, root)
        }
      }),
  }
}

/**
 * Makes the folder that was just chosen, and marks it.
 * @throws AppError DELIVERY_FOLDER_NOT_WRITABLE
 */
export async function prepareFolder(root: string): Promise<void> {
  try {
    makeFolder(root)
    await access(root, constants.W_OK | constants.X_OK)
    await markFolder(root)
  } catch (cause) {
    throw new AppError('DELIVERY_FOLDER_NOT_WRITABLE', { detail: root, cause })
  }
}

/** Keys are made by us, but a wrong one must not lead out of the folder on any system. */
function segmentsOf(key: string): string[] {
  const segments = key.split('/')
  const bad = (name: string) => name === '' || name === '.' || name === '..' || /[\0\\:]/.test(name)
  if (segments.some(bad)) throw new AppError('INTERNAL', { detail: 'an object key leads out of its folder' })
  return segments
}

/** Makes each folder below the root that is missing, but never the root. Tells whether there was one. */
async function makeBetween(root: string, folder: string): Promise<boolean> {
  if (folder === root) return false
  const madeOuter = await makeBetween(root, dirname(folder))
  try {
    await mkdir(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error
    return madeOuter
  }
}

const pieceBytes = 1024 * 1024

async function* piecesOf(bytes: SealedBytes, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.size; from += pieceBytes) {
    signal.throwIfAborted()
    yield await bytes.slice(from, Math.min(from + pieceBytes, bytes.size))
  }
  // Before the file gets its name.
  await bytes.proven()
}

/** It was a plain file a moment ago. Windows has no such flags. */
const carefully = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

async function holds(path: string, bytes: SealedBytes): Promise<boolean> {
  try {
    const found = await lstat(path)
    // What is no file is replaced, and never read: a pipe would keep us waiting.
    if (!found.isFile() || found.size !== bytes.size) return false
    await using file = await open(path, carefully)
    const sum = createHash('sha256')
    for await (const piece of file.createReadStream({ highWaterMark: pieceBytes, end: bytes.size }))
      sum.update(piece)
    return sum.digest('hex') === bytes.sha256
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return false
    throw error
  }
}

/** For a file that an earlier process wrote, and perhaps was killed before it was safe. */
async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

/** A drive can also go in the middle of a delivery: then what failed says less than that the root is not there. */
async function explain(error: unknown, root: string): Promise<unknown> {
  const ours = error instanceof AppError && error.code !== 'DISK_FULL' && error.code !== 'STORE_NOT_WRITABLE'
  if (ours) return error
  try {
    await checkMark(root)
  } catch (missing) {
    if (missing instanceof AppError) return missing
  }
  return new AppError('DELIVERY_FOLDER_NOT_WRITABLE', { detail: root, cause: error })
}
