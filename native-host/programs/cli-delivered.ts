import { hash } from 'node:crypto'
import { AppError } from '../../protocol/errors.ts'
import { isSigned } from '../adapters/seal/device-key.ts'
import { readDelivered } from '../adapters/system/user-files.ts'
import type { DeliveredAccess, FindOptions, ReadObject, Terminal } from '../commands/context.ts'
import { text } from '../commands/text.ts'
import { hashOfRest, readSealedParts } from '../journal/sealed-head.ts'
import { budgets } from '../kernel/budgets.ts'
import { Secret } from '../kernel/secret.ts'
import type { Places } from '../platform/files/places.ts'
import { type DeliveredFolder, devicesOf, isWhole } from '../verify/delivered-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { createPassingOver } from '../verify/passed-over.ts'
import { readAhead } from '../verify/read-ahead.ts'
import { parseBucketAddress } from '../verify/source-address.ts'
import { openBuckets } from './cli-delivered-buckets.ts'

type World = { terminal: Terminal; signal: AbortSignal }

/** What it takes to read what was delivered; what is large of it is loaded when it is wanted. Belongs to cli.ts. */
export function deliveredAccess(places: Places, { terminal, signal }: World): DeliveredAccess {
  const buckets = openBuckets(places)

  async function readObject(path: string, most: number, ended: AbortSignal): Promise<Uint8Array> {
    const address = parseBucketAddress(path)
    if (address === undefined) return readDelivered(path)
    return (await buckets.reader(address.bucket)).get(address.prefix, most, ended)
  }

  return {
    async find(sources, { bucket = {}, part = {} }: FindOptions = {}) {
      const passing = createPassingOver()
      const addresses = sources.map(source => parseBucketAddress(source))
      const paths = sources.filter((_source, index) => addresses[index] === undefined)
      const folders: DeliveredFolder[] = []
      if (paths.length > 0) {
        const { findDelivered } = await import('../adapters/system/delivered-objects.ts')
        folders.push(...(await findDelivered(paths, passing, part)))
      }
      for (const address of addresses) {
        if (address === undefined) continue
        const { findInBucket } = await import('../adapters/destination/s3/find-objects.ts')
        const reader = await buckets.reader(address.bucket, bucket)
        folders.push(...(await findInBucket(reader, address, { part, passing, signal })))
      }
      if (folders.length === 0)
        throw new AppError('FILE_UNREADABLE', {
          detail: (isWhole(part) ? text.source.nothing : text.source.nothingInPart)(sources),
        })
      return { devices: devicesOf(folders), passedOver: passing.all }
    },

    readFile: path => readObject(path, budgets.objectBytes.most, signal),

    contents: (objects, called) => allOf(objects, called, read => read()),

    contentsOrHere: (objects, here, called) =>
      allOf(objects, called, async (read, object) => {
        const found = await here(object)
        return found === undefined ? read() : { object, here: found }
      }),

    hashOf: bytes => hash('sha256', bytes),
    sha256,
    readHead(sealed) {
      const parts = readSealedParts(sealed)
      const others = parts?.others
      const rest = others && hashOfRest(hash('sha256', others.before), hash('sha256', others.payload), sha256)
      return { head: parts?.head, rest }
    },
    isSigned,
    async opener(files) {
      const { open, check, fileKey } = await namedOpener(files, places, terminal)
      const { unpackSegment } = await import('../adapters/seal/unpack-segment.ts')
      return { records: async sealed => unpackSegment(await open(sealed)), screenshot: open, check, fileKey }
    },
  }

  /** @param take what comes of an object; it reads or knows it already */
  async function* allOf<T extends { object: OrderedObject }>(
    objects: AsyncIterable<OrderedObject>,
    called: AbortSignal,
    take: (read: () => Promise<ReadObject>, object: OrderedObject) => Promise<T>,
  ): AsyncGenerator<T> {
    const ended = new AbortController()
    const until = AbortSignal.any([called, ended.signal])
    const judge = createFailures()
    const read = (object: OrderedObject) => take(() => readOne(object, mostOf(object), until), object)
    try {
      for await (const found of readAhead(objects, { ...ahead, sizeOf: mostOf }, read)) {
        called.throwIfAborted()
        judge(found)
        yield found
      }
    } finally {
      ended.abort()
    }
  }

  async function readOne(object: OrderedObject, most: number, until: AbortSignal): Promise<ReadObject> {
    try {
      return { object, sealed: await readObject(object.path, most, until) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { object, error }
    }
  }
}

/** Asks for a passphrase where one is needed, and names what is not used. @throws as identityOpener */
export async function namedOpener(files: readonly string[], places: Places, terminal: Terminal) {
  const { identityOpener } = await import('../adapters/seal/identity-opener.ts')
  const ask = async (file: string) => {
    await using _quiet = terminal.hush()
    return new Secret(await terminal.askSecret(text.source.passphrase(file)))
  }
  const opener = await identityOpener(files, places, terminal.interactive ? ask : undefined)
  // A script that asks for JSON reads what is wrong as JSON, and finds this in it when nothing could be opened.
  const isHeard = !process.argv.includes('--json')
  if (isHeard && opener.passedOver.length > 0) terminal.err(opener.passedOver.map(text.source.passedOver))
  return opener
}

/** So many answers of a bucket wait for their turn; a file of this computer is read when it has come. */
const ahead = { atOnce: 12, mostBytes: 24 * 1024 * 1024 }

/** A list says how long an object is. Without one it may be as long as any. */
function mostOf({ size }: OrderedObject): number {
  const { most } = budgets.objectBytes
  return size === undefined ? most : Math.min(size, most)
}

/**
 * Failures that are not about one object. Before anything was read, such a one is about all; and after some in
 * succession, too. Both end the reading, so that a right that is missing is not named once for every object.
 * @throws AppError
 */
function createFailures(): (found: object) => void {
  let [read, inSuccession] = [0, 0]
  return found => {
    if (!('error' in found) || !(found.error instanceof AppError)) [read, inSuccession] = [read + 1, 0]
    else if (!ofOneObject.includes(found.error.code)) {
      inSuccession += 1
      if (read === 0 || inSuccession >= mostInSuccession) throw found.error
    }
  }
}

const ofOneObject: readonly AppError['code'][] = ['FILE_UNREADABLE', 'PLACE_NOT_SAFE']
const mostInSuccession = 5

function sha256(text: string): string {
  return hash('sha256', text)
}
