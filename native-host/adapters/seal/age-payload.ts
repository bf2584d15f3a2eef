import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../../protocol/errors.ts'

/** Of https://age-encryption.org/v1: the payload is cut into pieces of this size, and each is sealed by itself. */
const chunkBytes = 64 * 1024
const tagBytes = 16
const saltBytes = 16
const sealedChunkBytes = chunkBytes + tagBytes
const cipher = 'chacha20-poly1305'

/**
 * What follows the header of an age file: a salt, and the bytes sealed with ChaCha20-Poly1305 under a key of this file
 * alone. Node's own cipher does it several times faster than one in JavaScript.
 */
export function sealPayload(fileKey: Uint8Array, bytes: Uint8Array): Uint8Array[] {
  const salt = randomBytes(saltBytes)
  const key = payloadKey(fileKey, salt)
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  const sealed: Uint8Array[] = [salt]
  for (let index = 0; index < chunks; index++) {
    const from = index * chunkBytes
    const sealing = createCipheriv(cipher, key, nonceOf(index, index === chunks - 1), {
      authTagLength: tagBytes,
    })
    sealed.push(
      sealing.update(bytes.subarray(from, from + chunkBytes)),
      sealing.final(),
      sealing.getAuthTag(),
    )
  }
  return sealed
}

/**
 * What `sealPayload` was given. Whole or not at all.
 * @throws AppError OPEN_FAILED when the key is another, or anything was changed or cut off
 */
export function openPayload(fileKey: Uint8Array, payload: Uint8Array): Uint8Array {
  const key = payloadKey(fileKey, payload.subarray(0, saltBytes))
  const sealed = payload.subarray(saltBytes)
  const chunks = Math.max(1, Math.ceil(sealed.length / sealedChunkBytes))
  const openChunk = (index: number) => {
    const chunk = sealed.subarray(index * sealedChunkBytes, (index + 1) * sealedChunkBytes)
    const nonce = nonceOf(index, index === chunks - 1)
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    opening.setAuthTag(chunk.subarray(-tagBytes))
    return Buffer.concat([opening.update(chunk.subarray(0, -tagBytes)), opening.final()])
  }
  try {
    return Buffer.concat(Array.from({ length: chunks }, (_, index) => openChunk(index)))
  } catch (cause) {
    throw new AppError('OPEN_FAILED', { cause })
  }
}

function payloadKey(fileKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return Buffer.from(hkdfSync('sha256', fileKey, salt, 'payload', 32))
}

/** 11 bytes that count, the most significant first, and one that marks the last chunk, so that none can be cut off. */
function nonceOf(index: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** What `sealPayload` makes of nothing. */
export const emptyPayloadBytes = saltBytes + tagBytes
