import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Decrypter } from 'age-encryption'
import { headStatement } from '../../journal/chain-head.ts'
import { bytesOf, type ProofCrypto } from '../../proof/gather-facts.ts'

const encoder = new TextEncoder()
/** Some browsers have none on a page from the disk. */
const subtle: SubtleCrypto | undefined = crypto.subtle

/**
 * WebCrypto for bytes and signatures, and well-known libraries for what it lacks: tens of thousands of short hashes, which it
 * would do one by one, age files, and Ed25519 in browsers that do not have it.
 */
export const browserCrypto: ProofCrypto = {
  sha256: text => sha256(encoder.encode(text)).toHex(),

  hashOf: async bytes =>
    subtle
      ? new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(bytes))).toHex()
      : sha256(bytes).toHex(),

  async isSigned(head) {
    const [key, signature] = [fromBase64Url(head.key, 32), fromBase64Url(head.signature, 64)]
    if (!key || !signature) return false
    const text = encoder.encode(headStatement(head))
    if (!subtle) return isSignedByLibrary(signature, text, key)
    try {
      const imported = await importKey(subtle, head.key, key)
      return await subtle.verify('Ed25519', imported, signature, text)
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotSupportedError') return false
      return isSignedByLibrary(signature, text, key)
    }
  },

  async fits(sealed, fileKey) {
    try {
      await decrypterOf(fileKey).decryptHeader(sealed)
      return true
    } catch {
      // Whatever is wrong with it: the key does not fit this file.
      return false
    }
  },
}

/** @throws when it cannot be opened with this key */
export async function openPicture(sealed: string, fileKey: string): Promise<Blob> {
  const [bytes, key] = [bytesOf(sealed), bytesOf(fileKey)]
  if (!bytes || !key) throw new TypeError('no base64')
  const opened = await decrypterOf(key).decrypt(bytes)
  const isJpeg = opened[0] === 0xff && opened[1] === 0xd8
  return new Blob([Uint8Array.from(opened)], { type: isJpeg ? 'image/jpeg' : 'image/webp' })
}

function decrypterOf(fileKey: Uint8Array): Decrypter {
  const decrypter = new Decrypter()
  decrypter.addIdentity({ unwrapFileKey: () => fileKey })
  return decrypter
}

const keys = new Map<string, Promise<CryptoKey>>()

function importKey(subtle: SubtleCrypto, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const known = keys.get(name) ?? subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
  keys.set(name, known)
  return known
}

function isSignedByLibrary(signature: Uint8Array, text: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, text, key, { zip215: false })
  } catch {
    return false
  }
}

/** Only one text for each value, or a changed one could pass for the same. */
function fromBase64Url(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: 'base64url' })
    const same = bytes.toBase64({ alphabet: 'base64url', omitPadding: true }) === text
    return bytes.length === length && same ? bytes : undefined
  } catch {
    return undefined
  }
}
