import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import {
  inOrder,
  type NamedObject,
  type ObjectFolder,
  type OrderedObject,
  parseObjectName,
} from '../../verify/object-order.ts'
import {
  createPassingOver,
  type PassedOver,
  type PassedOverKind,
  type PassingOver,
} from '../../verify/passed-over.ts'

/** What one device delivered. `objects` goes through all of it in the order in which it was sealed. */
export type DeliveredDevice = { device: string; count: number; objects(): AsyncIterable<OrderedObject> }

export type Delivered = {
  devices: DeliveredDevice[]
  /** What is none; all of it is known when the objects were gone through. */
  passedOver(): PassedOver[]
}

/** Smaller in tests: so many files take a minute to make. */
type Limits = { entries: number; folders: number }

type Found = ObjectFolder & { device: string; count: number }

/**
 * Finds objects in the named files and folders, and below them. Folders are listed one at a time, so a year of names is
 * never in memory. Only plain files are objects, and only plain folders are entered; the rest is noted.
 * @throws AppError FILE_UNREADABLE when a named path cannot be read, and when there is no object
 */
export async function findDelivered(
  paths: readonly string[],
  limits: Limits = { entries: budgets.folderEntries.most, folders: budgets.folders.most },
): Promise<Delivered> {
  const passing = createPassingOver()
  const folders: Found[] = []
  const files: NamedObject[] = []
  for (const path of paths.map(path => resolve(path))) {
    const entry = await reading(path, () => stat(path))
    const object = entry.isFile() ? parseObjectName(path, basename(path)) : undefined
    const before = folders.length
    if (object) files.push(object)
    else if (entry.isDirectory()) {
      await reading(path, async () => (await opendir(path)).close())
      await findFolders(path, folders, passing, limits)
    }
    // What was named and holds nothing must not pass for looked at.
    if (!object && folders.length === before) passing.note('no objects', path)
  }
  for (const [folder, own] of Map.groupBy(files, ({ path }) => dirname(path)))
    folders.push({ device: deviceOf(folder), ...summaryOf(own), list: async () => [...own] })
  if (folders.length === 0)
    throw new AppError('FILE_UNREADABLE', {
      detail: `no encrypted files of a tracker in ${paths.join(', ')}`,
    })
  const devices = [...Map.groupBy(folders, ({ device }) => device)].map(([device, own]) => ({
    device,
    count: own.reduce((sum, { count }) => sum + count, 0),
    objects: () => inOrder(own),
  }))
  return { devices, passedOver: passing.all }
}

async function findFolders(root: string, into: Found[], passing: PassingOver, limits: Limits): Promise<void> {
  const waiting = [{ path: root, depth: 1 }]
  let looked = 0
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const { path, depth } = folder
    if (++looked > limits.folders) return passing.note('too many', path)
    let [first, count] = [Number.POSITIVE_INFINITY, 0]
    const inside: string[] = []
    for await (const entry of entriesOf(path, limits, passing)) {
      const kind = kindOf(entry)
      if (kind === 'folder') inside.push(join(path, entry.name))
      else if (kind !== 'file') passing.note(kind, join(path, entry.name))
      else {
        const object = parseObjectName(join(path, entry.name), entry.name)
        if (object) [first, count] = [Math.min(first, object.seq), count + 1]
      }
    }
    if (count > 0)
      into.push({ device: deviceOf(path), first, count, list: () => listFolder(path, limits, passing) })
    if (depth < budgets.folderDepth.most)
      for (const inner of inside.reverse()) waiting.push({ path: inner, depth: depth + 1 })
    else for (const inner of inside) passing.note('too deep', inner)
  }
}

/** It was looked through before, and what is passed over was noted then: only that it is gone is news. */
async function listFolder(path: string, limits: Limits, passing: PassingOver): Promise<NamedObject[]> {
  const objects: NamedObject[] = []
  const news = { note: (kind: PassedOverKind) => void (kind === 'unreadable' && passing.note(kind, path)) }
  for await (const entry of entriesOf(path, limits, news)) {
    const object = kindOf(entry) === 'file' ? parseObjectName(join(path, entry.name), entry.name) : undefined
    if (object) objects.push(object)
  }
  return objects
}

/** One that cannot be read has no entries, and is noted. */
async function* entriesOf(
  path: string,
  limits: Limits,
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

/** Keys are device/date/name; objects that were copied elsewhere belong to the folder that they are in. */
function deviceOf(folder: string): string {
  return basename(/^\d{4}-\d\d-\d\d$/.test(basename(folder)) ? dirname(folder) : folder)
}

function summaryOf(objects: readonly NamedObject[]): { first: number; count: number } {
  const first = objects.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY)
  return { first, count: objects.length }
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}
