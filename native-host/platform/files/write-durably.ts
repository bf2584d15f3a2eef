import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { namesWithin } from './read-within.ts'
import { inStore, inStoreLater, isFileError } from './store-error.ts'

/** Of a file that was being written when its writer died. The number is the writer's process. */
export const unfinishedName = /\.(?<writer>\d+)\.tmp$/

/**
 * Writes a file so that a power cut leaves the old or the new one, and the new one once this resolves: contents to the
 * disk first, then the name, then the folder. One call at a time for a path.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE: the old one counts, and the new one may be there unsynced
 */
export function writeDurably(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  return inStoreLater(dirname(path), async () => {
    const unfinished = `${path}.${process.pid}.tmp`
    try {
      await writeAndSync(unfinished, bytes)
      await rename(unfinished, path)
    } catch (error) {
      await removeBestEffort(unfinished)
      throw error
    }
    await syncFolder(dirname(path))
  })
}

/**
 * The same for a file that is new: after an error it is not there, because the caller will make another.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function writeNewDurably(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeDurably(path, bytes)
  } catch (error) {
    await removeBestEffort(path)
    await syncFolder(dirname(path)).catch(() => undefined)
    throw error
  }
}

async function writeAndSync(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await openAnew(path)
  // A nearly full disk takes a part of the bytes without an error. writeFile goes on with the rest and then fails.
  await file.writeFile(bytes)
  await file.sync()
}

/** Never what is there already, such as a link to elsewhere: an earlier process of the same number may have left it. */
async function openAnew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error
    await rm(path)
    return open(path, 'wx', 0o600)
  }
}

/** Removes what writers of `path` left behind that died on the way. */
export async function removeUnfinished(path: string): Promise<void> {
  for (const file of namesOrNone(dirname(path))) {
    const writer = unfinishedName.exec(file)?.groups?.writer
    if (file !== `${basename(path)}.${writer}.tmp` || isAlive(Number(writer))) continue
    await removeBestEffort(join(dirname(path), file))
  }
}

function namesOrNone(folder: string): string[] {
  try {
    return [...namesWithin(folder)]
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !isFileError(error, 'ESRCH')
  }
}

/** For clearing up after a failure, which is what deserves to be reported, not a second one. */
export async function removeBestEffort(path: string | Buffer): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}

/** Makes renames, creations and removals in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and NTFS keeps the order of its metadata by itself.
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}

export function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes the folder and those above it, for this user only, so that they survive a power cut. */
export function makeFolder(path: string): void {
  inStore(path, () => {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 }) ?? path
    // Also when it was there: its maker may have died before this.
    for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
      syncFolderNow(dirname(folder))
      if (folder === first) break
    }
  })
}

/**
 * For files that SQLite would create readable for everyone. One that exists is not even opened: closing it again
 * would drop the locks that this process holds on it (https://sqlite.org/howtocorrupt.html).
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error
  }
}

/** A free name beside `path` for something broken: state.db → state.broken-2026-11-22T15-40-00.000Z.db */
export function brokenName(path: string): string {
  const time = Temporal.Now.instant().toString({ fractionalSecondDigits: 3 }).replaceAll(':', '-')
  const extension = extname(path)
  const stem = join(dirname(path), `${basename(path, extension)}.broken-${time}`)
  for (let n = 1; ; n++) {
    const name = `${stem}${n === 1 ? '' : `-${n}`}${extension}`
    if (!existsSync(name)) return name
  }
}

/** Gives something broken another name, for good, and returns it. Nothing is deleted. */
export function setAside(path: string, aside = brokenName(path)): string {
  return inStore(dirname(path), () => {
    renameSync(path, aside)
    syncFolderNow(dirname(path))
    return aside
  })
}
