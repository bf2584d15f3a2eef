import { AppError } from '../../../../protocol/errors.ts'
import { budgets } from '../../../kernel/budgets.ts'
import {
  type DeliveredFolder,
  type DeliveredPart,
  isInPart,
  isWhole,
  mayHoldPart,
  placeOf,
} from '../../../verify/delivered-devices.ts'
import { type NamedObject, parseObjectName } from '../../../verify/object-order.ts'
import type { PassingOver } from '../../../verify/passed-over.ts'
import { type BucketAddress, formatBucketAddress } from '../../../verify/source-address.ts'
import { inParallel } from './in-parallel.ts'
import type { BucketReader } from './read-bucket.ts'

/** Smaller in tests. `kept`: names that stay in memory, so that a prefix with few of them is listed once. */
export type ListLimits = { entries: number; folders: number; kept: number }

const usual: ListLimits = {
  entries: budgets.folderEntries.most,
  folders: budgets.folders.most,
  kept: 20_000,
}

type Looking = {
  reader: BucketReader
  address: BucketAddress
  part: DeliveredPart
  passing: PassingOver
  limits: ListLimits
  signal: AbortSignal
  kept: number
}

/** Prefixes are listed side by side: each request waits for the server. */
const atOnce = 8

/**
 * Finds objects below a prefix, as findDelivered does in a folder. A list goes up to the next slash, so that days that
 * are not asked for cost nothing; a month of names is kept, and longer lists are read again when their turn has come.
 * @throws AppError READ_* and those of the way, also when a list breaks off: what was found until then is not all
 */
export async function findInBucket(
  reader: BucketReader,
  address: BucketAddress,
  { part, passing, signal }: { part: DeliveredPart; passing: PassingOver; signal: AbortSignal },
  limits: ListLimits = usual,
): Promise<DeliveredFolder[]> {
  const looking: Looking = { reader, address, part, passing, limits, signal, kept: 0 }
  const path = formatBucketAddress(address)
  const named = parseObjectName(path, lastOf(address.prefix))
  if (named) {
    const place = placeOf(foldersOf(address.prefix), [])
    const isAsked = isInPart(named, place.device, part)
    return isAsked
      ? [{ ...place, first: named.seq, count: 1, bytes: undefined, list: async () => [named] }]
      : []
  }
  const found: DeliveredFolder[] = []
  let level = [asFolder(address.prefix)]
  let looked = 1
  for (let depth = 1; level.length > 0; depth++) {
    const below: string[] = []
    await inParallel(atOnce, level, async prefix => {
      const { folder, folders } = await lookInto(prefix, looking)
      if (folder) found.push(folder)
      for (const inner of folders) {
        if (!mayHoldPart(foldersOf(inner), part)) continue
        const tooMany = looked >= limits.folders
        if (tooMany || depth >= budgets.folderDepth.most)
          passing.note(tooMany ? 'too many' : 'too deep', pathOf(looking, inner))
        else below.push(inner)
        looked += tooMany ? 0 : 1
      }
    })
    level = below
  }
  if (found.length === 0 && isWhole(part)) passing.note('no objects', path)
  return found
}

async function lookInto(
  prefix: string,
  looking: Looking,
): Promise<{ folder: DeliveredFolder | undefined; folders: string[] }> {
  const { address, limits, passing } = looking
  const folders: string[] = []
  let names: NamedObject[] | undefined = []
  let [first, count, bytes, last] = [Number.POSITIVE_INFINITY, 0, 0, -1]
  let isInOrder = true
  for await (const entry of entriesOf(prefix, looking)) {
    if (entry.kind === 'folder') folders.push(entry.prefix)
    else if (entry.kind === 'too many') passing.note('too many', pathOf(looking, prefix))
    else {
      const { seq, size = 0 } = entry.object
      isInOrder &&= seq >= last
      last = seq
      ;[first, count, bytes] = [Math.min(first, seq), count + 1, bytes + size]
      if (names && looking.kept < limits.kept) {
        names.push(entry.object)
        looking.kept += 1
      } else {
        looking.kept -= names?.length ?? 0
        names = undefined
      }
    }
  }
  if (count === 0) return { folder: undefined, folders }
  const kept = names
  const again = () => listAgain(prefix, looking)
  const list = kept ? async () => [...kept] : isInOrder ? again : () => Array.fromAsync(again())
  return { folder: { ...placeIn(address, prefix), first, count, bytes, list }, folders }
}

async function* listAgain(prefix: string, looking: Looking): AsyncGenerator<NamedObject> {
  for await (const entry of entriesOf(prefix, looking)) if (entry.kind === 'object') yield entry.object
}

type Entry =
  | { kind: 'object'; object: NamedObject }
  | { kind: 'folder'; prefix: string }
  /** And no other comes. */
  | { kind: 'too many' }

/** Of objects only those that are asked for. */
async function* entriesOf(
  prefix: string,
  { reader, address, part, limits, signal }: Looking,
): AsyncGenerator<Entry> {
  const { device } = placeIn(address, prefix)
  let read = 0
  for await (const { objects, folders } of reader.pages(prefix, signal)) {
    for (const folder of folders) {
      if (++read > limits.entries) return yield { kind: 'too many' }
      // A server that answers with another prefix than the one that was asked for could lead round in a circle.
      if (!folder.startsWith(prefix) || folder.length <= prefix.length)
        throw new AppError('READ_NOT_S3', { detail: formatBucketAddress({ ...address, prefix }) })
      yield { kind: 'folder', prefix: folder }
    }
    for (const { key, size, stamp } of objects) {
      if (++read > limits.entries) return yield { kind: 'too many' }
      const path = formatBucketAddress({ ...address, prefix: key })
      const object = key.startsWith(prefix) ? parseObjectName(path, lastOf(key)) : undefined
      if (object && isInPart(object, device, part))
        yield { kind: 'object', object: { ...object, size, ...(stamp !== undefined && { stamp }) } }
    }
  }
}

function placeIn(address: BucketAddress, prefix: string): { device: string; person: string } {
  const above = [address.bucket, ...foldersOf(asFolder(address.prefix))]
  return placeOf(above, foldersOf(prefix).slice(above.length - 1))
}

function pathOf({ address }: Looking, prefix: string): string {
  return formatBucketAddress({ ...address, prefix })
}

function asFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}

/** `..` and empty names are names like others: nothing of a key is ever resolved. */
function foldersOf(key: string): string[] {
  return key.split('/').slice(0, -1)
}

function lastOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
