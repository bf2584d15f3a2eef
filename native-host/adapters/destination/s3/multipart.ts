import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BufferPool, createBufferPool } from '../../../platform/files/buffer-pool.ts'
import { bodyOf, type Contents, checksumOf, isProof, signContents } from './body.ts'
import type { Connection } from './connection.ts'
import { inItsWords } from './dialect.ts'
import { httpStatusOf, isS3Answer, unproven } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import { headerBytes, metadataOf } from './metadata.ts'
import { abortIfPossible, isGone } from './multipart-abort.ts'
import { partOf, partsThere } from './multipart-parts.ts'
import type { MultipartProgress, MultipartUpload, UploadedPart } from './ports.ts'
import type { Condition } from './put-form.ts'
import { checkTaken, lookAt, type NewObject } from './put-object.ts'
import { bucketOf, formatPlace, objectName, storageOf } from './settings.ts'
import { watchUpload } from './upload-progress.ts'

/** What is smaller goes in one request. */
export const smallestInParts = 8 * 1024 * 1024
/** S3 takes no more, and all of them are of one size but the last. */
const mostParts = 10_000
const partsAtOnce = 4
const mebibyte = 1024 * 1024

export function partBytesFor(size: number): number {
  return Math.max(smallestInParts, Math.ceil(size / mostParts / mebibyte) * mebibyte)
}

type LargeObject = NewObject & { uploads: MultipartProgress }

/**
 * Sends what of the object is not there yet. Which upload it is and which parts have arrived is known across
 * restarts, so that only the parts in hand are ever sent twice.
 */
export async function putInParts(
  connection: Connection,
  object: LargeObject,
  signal: AbortSignal,
): Promise<void> {
  const { key, uploads } = object
  const known = await resume(connection, object, signal)
  if (known === 'arrived') return uploads.forget(key)
  const upload = known ?? (await begin(connection, object, signal))
  try {
    await sendMissing(connection, object, upload, signal)
    await proveOrAbort(connection, object, upload, signal)
    await complete(connection, object, upload, 'only if new', signal)
  } catch (error) {
    if (isS3Answer(error, 'PreconditionFailed')) {
      if ((await checkTaken(connection, object, signal)) === 'not there')
        await complete(connection, object, upload, 'whatever is there', signal)
      // Not allowed or not reached, it stays known, and the next start tries again.
      else if (!(await abortIfPossible(connection, object, upload, signal))) return
    } else if (isGone(error)) {
      // Either this upload was completed and the reply was lost, or another program has removed it.
      // A server that has only lost sight of it still keeps its parts.
      await abortIfPossible(connection, object, upload, signal)
      uploads.forget(key)
      if ((await lookAt(connection, object, signal)) === 'same') return
      // A new one is begun once: a server that loses the second one as well has to be left alone for a while.
      if (known === undefined) throw error
      return putInParts(connection, object, signal)
    } else if (isS3Answer(error, 'InvalidPart')) {
      // Begun again at the next try.
      await abortIfPossible(connection, object, upload, signal)
      uploads.forget(key)
      throw error
    } else throw error
  }
  uploads.forget(key)
}

/** The upload of an earlier try with the parts that are really there; undefined when there is none to go on with. */
async function resume(
  connection: Connection,
  object: LargeObject,
  signal: AbortSignal,
): Promise<MultipartUpload | 'arrived' | undefined> {
  const { key, settings, uploads } = object
  const known = uploads.get(key)
  if (known === undefined) return undefined
  if (known.place !== formatPlace(settings)) {
    await abortIfPossible(connection, object, known, signal)
    return undefined
  }
  try {
    const parts = await partsThere(connection, { ...object, upload: known }, signal)
    return { ...known, parts }
  } catch (error) {
    if (!isGone(error)) throw error
    await abortIfPossible(connection, object, known, signal)
    uploads.forget(key)
    return (await lookAt(connection, object, signal)) === 'same' ? 'arrived' : undefined
  }
}

async function begin(
  connection: Connection,
  { key, bytes, settings, limits, uploads }: LargeObject,
  signal: AbortSignal,
): Promise<MultipartUpload> {
  const { sdk, client } = connection
  const Metadata = metadataOf(await bytes.slice(0, Math.min(headerBytes, bytes.size)))
  const output = await inItsWords(connection.dialect, ['checksum', 'metadata'], extras =>
    watchUpload(limits, signal, progress => {
      const command = new sdk.CreateMultipartUploadCommand({
        ...bucketOf(settings),
        ...storageOf(settings),
        Key: objectName(settings, key),
        ...(extras.has('metadata') && { Metadata }),
        ...(extras.has('checksum') && { ChecksumAlgorithm: 'SHA256' }),
      })
      return client.send(command, { abortSignal: progress.signal })
    }),
  )
  if (!output.UploadId) throw unproven(output)
  const upload = {
    uploadId: output.UploadId,
    place: formatPlace(settings),
    partBytes: partBytesFor(bytes.size),
  }
  noteIfPossible(() => uploads.begin(key, upload))
  return { ...upload, parts: [] }
}

/** A full disk must not stop the deliveries that make room on it. What cannot be noted costs sending it again. */
function noteIfPossible(note: () => void): void {
  try {
    note()
  } catch {}
}

/** Between two rounds; each of them was worth it. */
const pauseMs = 1000

/** Parts that fail are tried again for as long as others get through meanwhile. */
async function sendMissing(
  connection: Connection,
  object: LargeObject,
  upload: MultipartUpload,
  signal: AbortSignal,
): Promise<void> {
  const count = Math.ceil(object.bytes.size / upload.partBytes)
  const sent = new Set(upload.parts.map(({ number }) => number))
  const memory = createBufferPool(upload.partBytes, partsAtOnce)
  for (;;) {
    const missing = Array.from({ length: count }, (_, index) => index + 1).filter(number => !sent.has(number))
    const before = sent.size
    try {
      return await inParallel(partsAtOnce, missing, async number => {
        const part = await sendPart(connection, object, upload, number, memory, signal)
        upload.parts.push(part)
        sent.add(number)
        noteIfPossible(() => object.uploads.addPart(object.key, part))
      })
    } catch (error) {
      signal.throwIfAborted()
      // A server that says when to return is obeyed.
      const busy = [429, 503].includes(httpStatusOf(error) ?? 0)
      if (sent.size === before || isGone(error) || busy) throw error
      await sleep(pauseMs, undefined, { signal })
    }
  }
}

async function sendPart(
  connection: Connection,
  { key, bytes, settings, limits }: LargeObject,
  { uploadId, partBytes }: MultipartUpload,
  number: number,
  memory: BufferPool,
  signal: AbortSignal,
): Promise<UploadedPart> {
  const { sdk, client } = connection
  const into = memory.take()
  using _back = { [Symbol.dispose]: () => memory.give(into) }
  const piece = await partOf(bytes, partBytes, number, into)
  const contents: Contents = { bytes: piece, sha256: hash('sha256', piece) }
  const output = await inItsWords(connection.dialect, ['checksum', 'expect'], extras =>
    watchUpload(limits, signal, progress => {
      const command = new sdk.UploadPartCommand({
        ...bucketOf(settings),
        Key: objectName(settings, key),
        UploadId: uploadId,
        PartNumber: number,
        ...bodyOf(contents, progress),
        ...(extras.has('checksum') && { ChecksumSHA256: checksumOf(contents) }),
      })
      signContents(command, contents, extras.has('expect') ? connection.asksFrom : Infinity)
      return client.send(command, { abortSignal: progress.signal })
    }),
  )
  if (!isProof(output, contents) || output.ETag === undefined) throw unproven(output)
  return { number, etag: output.ETag, sha256: contents.sha256 }
}

/** Parts of what turns out not to be what was sealed are never joined. */
async function proveOrAbort(
  connection: Connection,
  object: LargeObject,
  upload: MultipartUpload,
  signal: AbortSignal,
): Promise<void> {
  try {
    await object.bytes.proven()
  } catch (error) {
    signal.throwIfAborted()
    await abortIfPossible(connection, object, upload, signal)
    object.uploads.forget(object.key)
    throw error
  }
}

/** Joining thousands of parts takes a server minutes, in which it says nothing. */
const joinPatience = 5

async function complete(
  connection: Connection,
  { key, settings, limits }: LargeObject,
  { uploadId, parts }: MultipartUpload,
  condition: Condition,
  signal: AbortSignal,
): Promise<void> {
  const { sdk, client } = connection
  const inOrder = parts.toSorted((a, b) => a.number - b.number)
  const uses = ['checksum', ...(condition === 'only if new' ? (['condition'] as const) : [])] as const
  const output = await inItsWords(connection.dialect, uses, extras =>
    watchUpload({ ...limits, stallMs: joinPatience * limits.stallMs }, signal, progress => {
      const command = new sdk.CompleteMultipartUploadCommand({
        ...bucketOf(settings),
        Key: objectName(settings, key),
        UploadId: uploadId,
        MultipartUpload: {
          Parts: inOrder.map(({ number, etag, sha256 }) => ({
            PartNumber: number,
            ETag: etag,
            ...(extras.has('checksum') && { ChecksumSHA256: checksumOf({ sha256 }) }),
          })),
        },
        ...(extras.has('condition') && condition === 'only if new' && { IfNoneMatch: '*' }),
      })
      return client.send(command, { abortSignal: progress.signal })
    }),
  )
  // A page that answers 200 says neither. Ceph leaves the ETag empty, which elsewhere ends in the number of parts.
  const named = output.Key === objectName(settings, key)
  const counted = output.ETag?.replaceAll('"', '').endsWith(`-${parts.length}`)
  if (!named && !counted) throw unproven(output)
}
