import { type Stats, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute } from 'node:path'
import { hasModes } from '../files/own-files.ts'

/**
 * The folders of a PATH in which programs are looked for. What lies in one where every user can write, or that belongs to
 * another user, may belong to any user, and a relative path may name any folder. A group is the choice of
 * who keeps the computer.
 */
export function safeFolders(path: string | undefined): string[] {
  return foldersOf(path).filter(folder => whyUnsafe(folder) === undefined)
}

/** Those that are passed over, and why. What is not there is no loss. */
export function unsafeFolders(path: string | undefined): { folder: string; why: string }[] {
  return foldersOf(path).flatMap(folder => {
    const why = whyUnsafe(folder)
    return why === undefined ? [] : [{ folder, why }]
  })
}

/** The same environment, or without a PATH when none is left: an empty one would mean the folder one stands in. */
export function withSafePath(env: Record<string, string>): Record<string, string> {
  if (!hasModes || env.PATH === undefined) return env
  const { PATH, ...rest } = env
  const folders = safeFolders(PATH)
  return folders.length === 0 ? rest : { ...rest, PATH: folders.join(delimiter) }
}

function foldersOf(path: string | undefined): string[] {
  return path === undefined ? [] : path.split(delimiter)
}

function whyUnsafe(folder: string): string | undefined {
  if (!hasModes) return undefined
  if (!isAbsolute(folder)) return 'is not an absolute path'
  const entry = entryOf(folder)
  if (entry === undefined) return undefined
  if (entry === 'hidden') return 'cannot be read'
  // A program that is put there again needs no permission to replace another.
  if ((entry.mode & 0o002) !== 0) return 'can be written by other users'
  return whyMovable(folder)
}

/** Who can move a folder on the way can put another in its place. In one such as /tmp, each moves only what is theirs. */
function whyMovable(folder: string): string | undefined {
  const entry = entryOf(folder)
  if (entry === undefined || entry === 'hidden') return undefined
  if (!trusted().has(entry.uid)) return 'belongs to another user'
  if ((entry.mode & 0o1002) === 0o002) return 'can be moved by other users'
  return dirname(folder) === folder ? undefined : whyMovable(dirname(folder))
}

/** Hidden is what lies in a folder of another user, such as the home of root on the PATH that `sudo` passed on. */
function entryOf(folder: string): Stats | 'hidden' | undefined {
  try {
    return statSync(folder, { throwIfNoEntry: false })
  } catch {
    return 'hidden'
  }
}

/** This user and the system: in some containers the system has another number than 0. */
function trusted(): ReadonlySet<number | undefined> {
  return new Set([0, process.getuid?.(), statSync('/').uid])
}
