import { Decrypter, Encrypter, Stanza } from 'age-encryption'
import { AppError } from '../../../protocol/errors.ts'
import type { ReadonlyCell } from '../../core/cell.ts'
import { type ChainHead, headArguments, headStatement } from '../../core/chain-head.ts'
import type { Secret } from '../../core/secret.ts'
import type { Opener, Sealer } from '../../ports.ts'
import { emptyPayloadBytes, openPayload, sealPayload } from './age-payload.ts'
import type { DeviceKey } from './device-key.ts'

/** Who says how far the journal has got, and with which key. */
export type HeadSigner = { device: string; key: DeviceKey; head(): ChainHead | undefined }

/** Seals for whoever is in `recipients` at the moment of the call. */
export function createSealer(recipients: ReadonlyCell<readonly string[]>, signer?: HeadSigner): Sealer {
  return {
    recipients: () => recipients.value,

    async seal(bytes, head = signer?.head()) {
      const { sealed, opener } = await sealToReopen(bytes, head)
      opener.forget()
      return sealed
    },

    sealToReopen: bytes => sealToReopen(bytes, signer?.head()),
  }

  async function sealToReopen(bytes: Uint8Array, head: ChainHead | undefined) {
    // The library would make a file for nobody, which nothing can ever open.
    if (recipients.value.length === 0) throw new AppError('NO_RECIPIENT')
    const encrypter = new Encrypter()
    for (const recipient of recipients.value) encrypter.addRecipient(recipient)
    if (signer && head) encrypter.addRecipient({ wrapFileKey: () => [signedStanza(signer, head)] })
    const { header, fileKey } = await makeHeader(encrypter)
    const sealed = join([header, ...sealPayload(fileKey, bytes)])
    return { sealed, opener: openerOf(fileKey, header.length) }
  }
}

/** The key of a file is made for it alone: whoever keeps it can open this file and no other. */
function openerOf(fileKey: Uint8Array, headerBytes: number): Opener {
  return {
    open: sealed => openPayload(fileKey, sealed.subarray(headerBytes)),
    forget: () => void fileKey.fill(0),
  }
}

/** A stanza that opens nothing: it only stands in the header, and under the header's own MAC. */
function signedStanza({ device, key }: HeadSigner, head: ChainHead): Stanza {
  const said = { device, ...head, key: key.publicKey }
  return new Stanza(headArguments(said), Buffer.from(key.sign(headStatement(said)), 'base64url'))
}

/**
 * The library makes the file key and everything that is said to the recipients. It hands the key to every recipient,
 * and one that adds nothing to the header is how it gets here (docs/decisions/0009).
 */
async function makeHeader(encrypter: Encrypter): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  const keys: Uint8Array[] = []
  encrypter.addRecipient({
    wrapFileKey(fileKey) {
      keys.push(fileKey.slice())
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array(0))
  const [fileKey] = keys
  if (!fileKey) throw new AppError('INTERNAL', { detail: 'no file key' })
  return { header: empty.subarray(0, empty.length - emptyPayloadBytes), fileKey }
}

/** Buffer.concat would lend its memory: whoever cuts a Buffer with `slice` still holds the same bytes. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let from = 0
  for (const part of parts) {
    whole.set(part, from)
    from += part.length
  }
  return whole
}

/**
 * Opens an age file with the first identity that fits. Whole or not at all: a file that was cut or changed
 * anywhere gives nothing.
 * @throws AppError IDENTITY_MISSING when there is none to try | OPEN_FAILED
 */
export async function openSealed(sealed: Uint8Array, identities: readonly Secret[]): Promise<Uint8Array> {
  if (identities.length === 0) throw new AppError('IDENTITY_MISSING')
  const decrypter = new Decrypter()
  for (const identity of identities) addIdentity(decrypter, identity)
  try {
    return await decrypter.decrypt(sealed)
  } catch (cause) {
    throw new AppError('OPEN_FAILED', { cause })
  }
}

function addIdentity(decrypter: Decrypter, identity: Secret): void {
  try {
    decrypter.addIdentity(identity.reveal())
  } catch {
    // Without its cause: the library quotes a key that it cannot read.
    throw new AppError('OPEN_FAILED', { detail: 'an identity is damaged' })
  }
}
