import { createHash, hash } from 'node:crypto'
import type { ListPartsCommandOutput, Part } from '@aws-sdk/client-s3'
import type { SealedBytes } from '../../../delivery/ports.ts'
import { budgets } from '../../../kernel/budgets.ts'
import type { Connection } from './connection.ts'
import { httpStatusOf } from './errors.ts'
import type { MultipartUpload, UploadedPart } from './ports.ts'
import type { NewObject } from './put-object.ts'
import { bucketOf, objectName } from './settings.ts'
import { watchUpload } from './upload-progress.ts'

type Begun = NewObject & { upload: MultipartUpload }

/** What these statuses say to a look at the parts: not allowed, not supported. */
const noLook = [400, 401, 403, 405, 501]

/**
 * The parts that need not be sent again. The server's list counts where it may be read; where not, what was noted
 * when each part arrived.
 * @throws what the SDK throws, such as NoSuchUpload
 */
export async function partsThere(
  connection: Connection,
  object: Begun,
  signal: AbortSignal,
): Promise<UploadedPart[]> {
  const listed = await listParts(connection, object, signal)
  const noted = new Map(object.upload.parts.map(part => [part.number, part]))
  if (listed === 'not allowed') return [...noted.values()]
  const there: UploadedPart[] = []
  for (const { PartNumber: number = 0, ETag: etag = '', Size } of listed) {
    const note = noted.get(number)
    if (note?.etag === etag) there.push(note)
    // It arrived when there was no time left to note it.
    else if (Size === sizeOf(object, number)) there.push(...(await recognise(object, number, etag)))
  }
  return there
}

async function listParts(
  { sdk, client }: Connection,
  { key, settings, limits, upload }: Begun,
  signal: AbortSignal,
): Promise<Part[] | 'not allowed'> {
  const parts: Part[] = []
  let after: string | undefined
  // Not the SDK's paginator, which goes on for ever: servers also name a next part when there is none.
  for (;;) {
    const command = new sdk.ListPartsCommand({
      ...bucketOf(settings),
      Key: objectName(settings, key),
      UploadId: upload.uploadId,
      ...(after !== undefined && { PartNumberMarker: after }),
    })
    let page: ListPartsCommandOutput
    try {
      page = await watchUpload(limits, signal, progress =>
        client.send(command, { abortSignal: progress.signal }),
      )
    } catch (error) {
      if (noLook.includes(httpStatusOf(error) ?? 0)) return 'not allowed'
      throw error
    }
    parts.push(...(page.Parts ?? []))
    if (parts.length > budgets.listedParts.most) return 'not allowed'
    const next = page.NextPartNumberMarker
    if (page.IsTruncated !== true || next === undefined || next === after) return parts
    after = next
  }
}

function sizeOf({ bytes, upload: { partBytes } }: Begun, number: number): number {
  return Math.min(partBytes, bytes.size - (number - 1) * partBytes)
}

/** One item if the part's ETag is the MD5 of our bytes; it is not where the server encrypts, and then it is sent again. */
async function recognise(object: Begun, number: number, etag: string): Promise<UploadedPart[]> {
  const bytes = await partOf(object.bytes, object.upload.partBytes, number)
  if (etag !== `"${createHash('md5').update(bytes).digest('hex')}"`) return []
  return [{ number, etag, sha256: hash('sha256', bytes) }]
}

export function partOf(
  bytes: SealedBytes,
  partBytes: number,
  number: number,
  into?: Uint8Array,
): Promise<Uint8Array> {
  const from = (number - 1) * partBytes
  return bytes.slice(from, Math.min(from + partBytes, bytes.size), into)
}
