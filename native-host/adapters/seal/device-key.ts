import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { dirname } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { headStatement, type SignedHead } from '../../journal/chain-head.ts'
import { readOwnFile } from '../../platform/files/own-files.ts'
import type { Places } from '../../platform/files/places.ts'
import { makeFolder, setAside, writeDurably } from '../../platform/files/write-durably.ts'

/** Signs for this device (Ed25519, RFC 8032): the same text always gets the same signature. */
export type DeviceKey = {
  /** 32 bytes in base64url. */
  readonly publicKey: string
  /** 64 bytes in base64url. */
  sign(text: string): string
}

/**
 * The key of this device, made at the first start, beside the identity and readable for this user only. A file that is
 * no such key is set aside and a new key made: recording continues, and `verify` reports the change.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | FILE_UNREADABLE | PLACE_NOT_SAFE
 */
export async function openDeviceKey({ deviceKey: path }: Pick<Places, 'deviceKey'>): Promise<DeviceKey> {
  const stored = await readKey(path)
  if (stored === 'damaged') setAside(path)
  return signerOf(stored instanceof Object ? stored : await makeKey(path))
}

/** The public key, when there is one yet. @throws AppError FILE_UNREADABLE */
export async function readDevicePublicKey({
  deviceKey: path,
}: Pick<Places, 'deviceKey'>): Promise<string | undefined> {
  const stored = await readKey(path)
  return stored instanceof Object ? publicPart(stored) : undefined
}

/** Whether the holder of the key that the head names has signed it. */
export function isSigned(head: SignedHead): boolean {
  const signature = Buffer.from(head.signature, 'base64url')
  // Only one text for each signature, or a changed one could pass for the same.
  if (signature.length !== 64 || signature.toString('base64url') !== head.signature) return false
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: head.key } })
    return verify(null, Buffer.from(headStatement(head)), key, signature)
  } catch {
    return false
  }
}

async function readKey(path: string): Promise<KeyObject | 'damaged' | undefined> {
  const text = readOwnFile(path, 'secret')
  if (text === undefined) return undefined
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyType === 'ed25519' ? key : 'damaged'
  } catch {
    // The error is not passed on: it may quote the key.
    return 'damaged'
  }
}

async function makeKey(path: string): Promise<KeyObject> {
  makeFolder(dirname(path))
  const { privateKey } = generateKeyPairSync('ed25519')
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await writeDurably(path, Buffer.from(text))
  return privateKey
}

function signerOf(key: KeyObject): DeviceKey {
  return {
    publicKey: publicPart(key),
    sign: text => sign(null, Buffer.from(text), key).toString('base64url'),
  }
}

function publicPart(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new AppError('INTERNAL', { detail: 'a key without a public part' })
  return x
}
