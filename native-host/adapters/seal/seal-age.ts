import { Decrypter, Encrypter } from 'age-encryption'
import { AppError } from '../../../protocol/errors.ts'
import type { ReadonlyCell } from '../../core/cell.ts'
import type { Secret } from '../../core/secret.ts'
import type { Sealer } from '../../ports.ts'

/** Seals for whoever is in `recipients` at the moment of the call. */
export function createSealer(recipients: ReadonlyCell<readonly string[]>): Sealer {
  return {
    recipients: () => recipients.value,
    async seal(bytes) {
      // The library would make a file for nobody, which nothing can ever open.
      if (recipients.value.length === 0) throw new AppError('NO_RECIPIENT')
      const encrypter = new Encrypter()
      for (const recipient of recipients.value) encrypter.addRecipient(recipient)
      return encrypter.encrypt(bytes)
    },
  }
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
