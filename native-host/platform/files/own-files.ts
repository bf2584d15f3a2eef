import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { readWithin } from './read-up-to.ts'
import { isFileError } from './store-error.ts'

/**
 * The rule for files in a folder of ours: a plain file, no link, of this user or the system, that no other user can
 * change. A pipe or a device is never waited for. A secret file is closed to others, who could read the folder only
 * while its mode was wrong.
 *
 * Windows has no such owners and modes; the user's profile is closed to others.
 */
export type OwnFile = 'secret' | 'open to read'

/** Windows has no such flags. */
const carefully = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The descriptor is the caller's to close. @throws AppError PLACE_NOT_SAFE, and what the system says, such as ENOENT */
export function openOwnFile(path: string, kind: OwnFile, flags = constants.O_RDONLY): number {
  const descriptor = openPlainFile(path, flags)
  try {
    const entry = fstatSync(descriptor)
    const why = whyNotOwn(entry)
    if (why !== undefined) throw notSafe(path, why)
    if (kind === 'secret' && hasModes && (entry.mode & 0o077) !== 0 && entry.uid === process.getuid?.())
      fchmodSync(descriptor, entry.mode & 0o700)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** undefined when there is none. @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE, also when it is longer */
export function readOwnFile(
  path: string,
  kind: OwnFile,
  mostBytes: number = budgets.ownFileBytes.most,
): Buffer | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openOwnFile(path, kind)
    return readWithin(descriptor, path, mostBytes)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (isFileError(cause, 'ENOENT')) return undefined
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/**
 * A plain file of any owner: for files whose content proves what they are.
 * @throws AppError PLACE_NOT_SAFE when it is a link, a pipe, a device or a folder
 */
export function openPlainFile(path: string, flags = constants.O_RDONLY): number {
  let descriptor: number
  try {
    descriptor = openSync(path, flags | carefully, 0o600)
  } catch (error) {
    // A link, and what has nothing to open: a socket, or a pipe that nothing reads.
    if (['ELOOP', 'ENXIO', 'EMLINK', 'EISDIR'].some(code => isFileError(error, code)))
      throw notSafe(path, whatIsAt(path))
    throw error
  }
  const entry = fstatSync(descriptor)
  if (entry.isFile()) return descriptor
  closeSync(descriptor)
  throw notSafe(path, `is ${kindOf(entry)}`)
}

export function notSafe(path: string, why: string): AppError {
  return new AppError('PLACE_NOT_SAFE', { detail: `${path} ${why}` })
}

export const hasModes = process.platform !== 'win32'

/** Why what was found is not used, in words that follow its path; undefined when it is. */
export function whyNotOwn(entry: Stats): string | undefined {
  if (!entry.isFile()) return `is ${kindOf(entry)}`
  if (!hasModes) return undefined
  if (!isOwn(entry) && entry.uid !== 0) return 'belongs to another user'
  if ((entry.mode & 0o022) !== 0)
    return `can be changed by other users (mode ${(entry.mode & 0o777).toString(8)})`
  return undefined
}

export function isOwn(entry: Stats): boolean {
  return !hasModes || entry.uid === process.getuid?.()
}

/** With its article, in words that follow "is". */
export function kindOf(entry: Pick<Stats, EntryKind>): string {
  return entryKinds.find(([is]) => entry[is]())?.[1] ?? 'of an unknown kind'
}

type EntryKind = (typeof entryKinds)[number][0]
const entryKinds = [
  ['isFile', 'a file'],
  ['isSymbolicLink', 'a link'],
  ['isDirectory', 'a folder'],
  ['isFIFO', 'a pipe'],
  ['isSocket', 'a socket'],
  ['isCharacterDevice', 'a device'],
  ['isBlockDevice', 'a device'],
] as const

function whatIsAt(path: string): string {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  return entry ? `is ${kindOf(entry)}` : 'is gone'
}
