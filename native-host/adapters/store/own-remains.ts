import { lstatSync, realpathSync, rmdirSync, rmSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Places } from '../../platform/files/places.ts'
import { rawNames, rawPath, showName } from '../../platform/files/raw-names.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { inStore, isFileError } from '../../platform/files/store-error.ts'

export type Remains = { path: string; bytes: number; files: number }

/** What the tracker made, by its names alone: a folder that was named by mistake must not be emptied. */
function isOurs(places: Places, name: string): boolean {
  const named = Object.values(places).some(path => dirname(path) === places.home && basename(path) === name)
  return named || ourFolders.has(name) || ourNames.some(pattern => pattern.test(name))
}

const ourFolders = new Set(['log', 'run'])
const ourNames = [
  /^(state|lock|report-cache)\.db(-wal|-shm|-journal|\.rebuilt.*)?$/,
  /^ballast$/,
  /^bridge(\.cmd)?$/,
  /^(state|config|identity|recipients|device-key)\.broken-/,
  /\.\d+\.(tmp|new)$/,
  /^org\..*\.(chromium|firefox)\.json$/,
]

/** What lies in the tracker's folder: what the tracker made, with its size, and the names of what it did not. */
export function findRemains(places: Places): { ours: Remains[]; others: string[] } {
  const ours: Remains[] = []
  const others: string[] = []
  for (const name of namesIn(places.home))
    if (isOurs(places, name))
      ours.push({ path: join(places.home, name), ...sizeOf(rawPath(places.home, name)) })
    else others.push(showName(name))
  return { ours, others }
}

/** How many sealed objects were never delivered. */
export function countUndelivered({ outbox, held }: Places): number {
  return [outbox, held].flatMap(namesIn).filter(name => name.endsWith('.age')).length
}

export function countDelivered({ delivered }: Places): number {
  return sizeOf(Buffer.from(delivered)).objects
}

/** For good. @returns what stays, as it is not the tracker's. @throws AppError STORE_NOT_WRITABLE */
export function deleteRemains(places: Places): string[] {
  return inStore(places.home, () => {
    const { ours, others } = findRemains(places)
    // A link is taken away itself, and what it leads to is left alone.
    for (const { path } of ours) rmSync(path, { recursive: true, force: true, maxRetries: 3 })
    if (others.length === 0) removeHome(places.home)
    return others
  })
}

/** Perhaps a link to another disk: then both go, unless a disk is mounted there. */
function removeHome(home: string): void {
  const entry = lstatSync(home, { throwIfNoEntry: false })
  if (!entry) return
  try {
    rmdirSync(realpathSync(home))
  } catch (error) {
    if (!isFileError(error, 'EBUSY')) throw error
  }
  if (entry.isSymbolicLink()) unlinkSync(home)
}

function sizeOf(path: Buffer): { bytes: number; files: number; objects: number } {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (!entry) return { bytes: 0, files: 0, objects: 0 }
  const isObject = path.subarray(-4).toString('latin1') === '.age'
  if (!entry.isDirectory()) return { bytes: entry.size, files: 1, objects: isObject ? 1 : 0 }
  const folder = path.toString(rawNames)
  return namesInRaw(path).reduce(
    (sum, name) => {
      const inner = sizeOf(Buffer.from(`${folder}/${name}`, rawNames))
      return {
        bytes: sum.bytes + inner.bytes,
        files: sum.files + inner.files,
        objects: sum.objects + inner.objects,
      }
    },
    { bytes: 0, files: 0, objects: 0 },
  )
}

function namesIn(folder: string): string[] {
  return namesInRaw(Buffer.from(folder))
}

function namesInRaw(folder: Buffer): string[] {
  try {
    return [...namesWithin(folder, rawNames)].sort()
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'ENOTDIR')) return []
    throw error
  }
}
