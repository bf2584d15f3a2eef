import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { inOrder, type NamedObject, type ObjectFolder, parseObjectName } from '../../core/object-order.ts'

/** What one device delivered. `objects` goes through all of it in the order in which it was sealed. */
export type DeliveredDevice = { device: string; count: number; objects(): AsyncIterable<NamedObject> }

type Found = ObjectFolder & { device: string; count: number }

/**
 * Looks for objects in files and folders that a person names, below those too. Names are listed anew when their turn
 * comes, so that a year of them is never in memory.
 * @throws AppError FILE_UNREADABLE, also when there is not one object
 */
export async function findDelivered(paths: readonly string[]): Promise<DeliveredDevice[]> {
  const folders: Found[] = []
  const files: NamedObject[] = []
  for (const path of paths.map(path => resolve(path))) {
    const object = (await isFolder(path)) ? undefined : parseObjectName(path, basename(path))
    if (object) files.push(object)
    else await findFolders(path, folders)
  }
  for (const [folder, own] of Map.groupBy(files, ({ path }) => dirname(path)))
    folders.push({ device: deviceOf(folder), ...summaryOf(own), list: async () => [...own] })
  if (folders.length === 0)
    throw new AppError('FILE_UNREADABLE', { detail: `no objects of a tracker in ${paths.join(', ')}` })
  return [...Map.groupBy(folders, ({ device }) => device)].map(([device, own]) => ({
    device,
    count: own.reduce((sum, { count }) => sum + count, 0),
    objects: () => inOrder(own),
  }))
}

async function findFolders(path: string, into: Found[]): Promise<void> {
  const entries = await reading(path, () => readdir(path, { withFileTypes: true }))
  for (const entry of entries) if (entry.isDirectory()) await findFolders(join(path, entry.name), into)
  const own = await listFolder(path)
  if (own.length > 0) into.push({ device: deviceOf(path), ...summaryOf(own), list: () => listFolder(path) })
}

async function listFolder(path: string): Promise<NamedObject[]> {
  const names = await reading(path, () => readdir(path))
  return names.flatMap(name => parseObjectName(join(path, name), name) ?? [])
}

/** Keys are device/date/name; objects that were copied elsewhere belong to the folder that they are in. */
function deviceOf(folder: string): string {
  return basename(/^\d{4}-\d\d-\d\d$/.test(basename(folder)) ? dirname(folder) : folder)
}

function summaryOf(objects: readonly NamedObject[]): { first: number; count: number } {
  const first = objects.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY)
  return { first, count: objects.length }
}

async function isFolder(path: string): Promise<boolean> {
  return (await reading(path, () => stat(path))).isDirectory()
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}
