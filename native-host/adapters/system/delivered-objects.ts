import { type Dirent, lstatSync } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import {
  type DeliveredFolder,
  type DeliveredPart,
  isInPart,
  isWhole,
  mayHoldPart,
  placeOf,
} from '../../verify/delivered-devices.ts'
import { type NamedObject, parseObjectName } from '../../verify/object-order.ts'
import type { PassedOverKind, PassingOver } from '../../verify/passed-over.ts'

/** Smaller in tests: so many files take a minute to make. */
export type FolderLimits = { entries: number; folders: number }

type Looking = { part: DeliveredPart; passing: PassingOver; limits: FolderLimits }

/**
 * Finds objects in the named files and folders, and below them. Folders are listed one at a time, so a year of names is
 * never in memory. Only plain files are objects, and only plain folders are entered; the rest is noted.
 * @throws AppError FILE_UNREADABLE when a named path cannot be read
 */
export async function findDelivered(
  paths: readonly string[],
  passing: PassingOver,
  part: DeliveredPart = {},
  limits: FolderLimits = { entries: budgets.folderEntries.most, folders: budgets.folders.most },
): Promise<DeliveredFolder[]> {
  const folders: DeliveredFolder[] = []
  const files: NamedObject[] = []
  for (const path of paths.map(path => resolve(path))) {
    const entry = await reading(path, () => stat(path))
    const object = entry.isFile() ? parseObjectName(path, basename(path)) : undefined
    const before = folders.length
    if (object) files.push(object)
    else if (entry.isDirectory()) {
      await reading(path, async () => (await opendir(path)).close())
      await findFolders(path, folders, { part, passing, limits })
    }
    // What was named and holds nothing must not pass for looked at.
    if (!object && folders.length === before && isWhole(part)) passing.note('no objects', path)
  }
  for (const [folder, own] of Map.groupBy(files, ({ path }) => dirname(path))) {
    const place = placeOf(folder.split(sep), [])
    const asked = own.filter(object => isInPart(object, place.device, part))
    if (asked.length > 0) folders.push({ ...place, ...summaryOf(asked), list: async () => [...asked] })
  }
  return folders
}

async function findFolders(root: string, into: DeliveredFolder[], looking: Looking): Promise<void> {
  const { part, passing, limits } = looking
  const above = root.split(sep)
  const waiting = [{ path: root, below: [] as string[] }]
  let looked = 0
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const { path, below } = folder
    if (++looked > limits.folders) return passing.note('too many', path)
    const place = placeOf(above, below)
    let [first, count] = [Number.POSITIVE_INFINITY, 0]
    const inside: string[] = []
    for await (const entry of entriesOf(path, limits, passing)) {
      const kind = kindOf(entry)
      if (kind === 'folder') inside.push(entry.name)
      else if (kind !== 'file') passing.note(kind, join(path, entry.name))
      else {
        const object = parseObjectName(join(path, entry.name), entry.name)
        if (object && isInPart(object, place.device, part))
          [first, count] = [Math.min(first, object.seq), count + 1]
      }
    }
    const list = () => listFolder(path, place.device, looking)
    if (count > 0) into.push({ ...place, first, count, bytes: undefined, list })
    for (const name of inside.reverse()) {
      const inner = { path: join(path, name), below: [...below, name] }
      if (below.length + 1 >= budgets.folderDepth.most) passing.note('too deep', inner.path)
      else if (mayHoldPart([...above, ...inner.below], part)) waiting.push(inner)
    }
  }
}

/** It was looked through before, and what is passed over was noted then: only that it is gone is news. */
async function listFolder(
  path: string,
  device: string,
  { part, passing, limits }: Looking,
): Promise<NamedObject[]> {
  const objects: NamedObject[] = []
  const news = { note: (kind: PassedOverKind) => void (kind === 'unreadable' && passing.note(kind, path)) }
  for await (const entry of entriesOf(path, limits, news)) {
    const object = kindOf(entry) === 'file' ? parseObjectName(join(path, entry.name), entry.name) : undefined
    if (object && isInPart(object, device, part)) objects.push({ ...object, ...stampOf(object.path) })
  }
  return objects
}

/** One that cannot be read has no entries, and is noted. */
async function* entriesOf(
  path: string,
  limits: FolderLimits,
  passing: Pick<PassingOver, 'note'>,
): AsyncGenerator<Dirent> {
  let read = 0
  try {
    for await (const entry of await opendir(path)) {
      if (++read > limits.entries) return passing.note('too many', path)
      yield entry
    }
  } catch {
    passing.note('unreadable', path)
  }
}

function kindOf(entry: Dirent): 'file' | 'folder' | 'link' | 'pipe' | 'socket' | 'device' | 'name' {
  // Node puts this where the bytes of a name are not UTF-8, and by such a name nothing can be opened.
  if (entry.name.includes('\ufffd')) return 'name'
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFIFO()) return 'pipe'
  return entry.isSocket() ? 'socket' : 'device'
}

function summaryOf(objects: readonly NamedObject[]) {
  const first = objects.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY)
  return { first, count: objects.length, bytes: undefined }
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

/** Other bytes have another time of change, which no program can set back. */
function stampOf(path: string): { stamp?: string } {
  try {
    const { size, ino, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true })
    return { stamp: [size, ino, mtimeNs, ctimeNs].join(' ') }
  } catch {
    // It is read, and its reader says what is wrong.
    return {}
  }
}
