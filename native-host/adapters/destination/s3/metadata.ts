import { formatSignedHead, readSignedHead } from '../../../journal/sealed-head.ts'

/**
 * The chain head in the header of a sealed object, repeated as metadata: a reader of the bucket who cannot open objects
 * sees how far each device has got. It is derived from the bytes, so it is the same after every restart.
 * @param beginning of the object, with all of its header
 */
export function metadataOf(beginning: Uint8Array): Record<string, string> {
  const head = readSignedHead(beginning)
  return head ? { 'chain-head': formatSignedHead(head) } : {}
}

/** As the headers of a request. */
export function metadataHeaders(beginning: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadataOf(beginning)).map(([name, value]) => [`x-amz-meta-${name}`, value]),
  )
}

/** No header of ours is longer. */
export const headerBytes = 64 * 1024
