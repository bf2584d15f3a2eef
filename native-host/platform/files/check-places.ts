import { chmodSync, lstatSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { hasModes, isOwn, kindOf, notSafe, whyNotOwn } from './own-files.ts'
import type { Places } from './places.ts'

/** What SQLite would read beside its database without being asked. */
const besideDatabase = ['', '-wal', '-shm', '-journal']

/**
 * Checks the tracker's folder and what `readOwnFile` does not read in it, at each start, before anything is opened. It
 * closes a folder that others could read. It refuses another user's folder, a link in its place (the tracker's own may
 * be one), and a database that others can change. Lock and socket are checked elsewhere.
 * @throws AppError PLACE_NOT_SAFE
 */
export function checkPlaces(places: Places): void {
  checkHome(places.home)
  for (const folder of foldersIn(places)) checkFolder(folder)
  for (const secret of [places.identity, places.credentials, places.deviceKey]) closeFile(secret)
  for (const suffix of besideDatabase) checkFile(places.stateDb + suffix)
}

export function foldersIn(places: Places): string[] {
  return [places.outbox, places.held, places.quarantine, places.delivered, dirname(places.log)]
}

function checkHome(home: string): void {
  const link = lstatSync(home, { throwIfNoEntry: false })
  const entry = statSync(home, { throwIfNoEntry: false })
  if (!link) return
  if (!isOwn(link) && link.uid !== 0) throw notSafe(home, 'belongs to another user')
  // A link to a disk that is away is no folder to begin again in.
  if (!entry) throw notSafe(home, 'is a link that leads nowhere')
  if (!entry.isDirectory()) throw notSafe(home, `is ${kindOf(entry)}`)
  if (!isOwn(entry)) throw notSafe(home, 'belongs to another user')
  close(home, entry.mode)
}

function checkFolder(folder: string): void {
  const entry = lstatSync(folder, { throwIfNoEntry: false })
  if (!entry) return
  if (!entry.isDirectory()) throw notSafe(folder, `is ${kindOf(entry)}`)
  if (!isOwn(entry)) throw notSafe(folder, 'belongs to another user')
  close(folder, entry.mode)
}

/** What others could only read. Whether it may be used at all is for those who read it. */
function closeFile(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (entry && isOwn(entry) && whyNotOwn(entry) === undefined) close(path, entry.mode)
}

/** Not opened: closing a database again would drop the locks that this process holds on it. */
function checkFile(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  const why = entry && whyNotOwn(entry)
  if (why !== undefined) throw notSafe(path, why)
}

function close(path: string, mode: number): void {
  if (hasModes && (mode & 0o077) !== 0) chmodSync(path, mode & 0o700)
}
