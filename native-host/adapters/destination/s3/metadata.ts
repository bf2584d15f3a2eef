import { formatSignedHead, readSignedHead } from '../../../journal/sealed-head.ts'

/**
 * What the header of a sealed object says of the chain of records, beside the object too, so that whoever may look at
 * a bucket and not open what is in it can see how far each device has got. Derived from the bytes, it is the same
 * after every restart.
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
