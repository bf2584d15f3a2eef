import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Of https://age-encryption.org/v1: the payload is cut into pieces of this size, and each is sealed by itself. */
const chunkBytes = 64 * 1024
const tagBytes = 16
const saltBytes = 16

/**
 * What follows the header of an age file: a salt, and the bytes sealed with ChaCha20-Poly1305 under a key of this file
 * alone. Node's own cipher does it several times faster than one in JavaScript.
 */
export function sealPayload(fileKey: Uint8Array, bytes: Uint8Array): Uint8Array[] {
  const salt = randomBytes(saltBytes)
  const key = Buffer.from(hkdfSync('sha256', fileKey, salt, 'payload', 32))
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  const sealed: Uint8Array[] = [salt]
  for (let index = 0; index < chunks; index++) {
    const from = index * chunkBytes
    const cipher = createCipheriv('chacha20-poly1305', key, nonceOf(index, index === chunks - 1), {
      authTagLength: tagBytes,
    })
    sealed.push(cipher.update(bytes.subarray(from, from + chunkBytes)), cipher.final(), cipher.getAuthTag())
  }
  return sealed
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
