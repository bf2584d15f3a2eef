import { armor, Decrypter } from 'age-encryption'
import { AppError } from '../../../protocol/errors.ts'
import { decodeText } from '../../config/decode-text.ts'
import { budgets } from '../../kernel/budgets.ts'
import type { Secret } from '../../kernel/secret.ts'
import { boundHeader } from './age-header.ts'

/**
 * Opens what `age -p` made, as text or as bytes.
 * @param ask for the passphrase, once it is known that one will be tried
 * @throws AppError PASSPHRASE_WRONG | FILE_UNREADABLE
 */
export async function unlockIdentity(
  file: string,
  sealed: Uint8Array,
  ask: () => Promise<Secret>,
): Promise<Uint8Array> {
  const bytes = binaryOf(file, sealed)
  boundWork(file, bytes)
  const passphrase = await ask()
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase.reveal())
  try {
    return await decrypter.decrypt(bytes)
  } catch {
    // Without its cause, which has been near the passphrase.
    throw new AppError('PASSPHRASE_WRONG', { detail: file })
  }
}

function binaryOf(file: string, sealed: Uint8Array): Uint8Array {
  const text = decodeText(sealed).replace(/^\uFEFF/, '')
  if (!text.trimStart().startsWith('-----BEGIN ')) return sealed
  try {
    return armor.decode(text)
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { detail: `${file}: its text is damaged`, cause })
  }
}

/** Its writer chooses how much memory a try takes. */
function boundWork(file: string, sealed: Uint8Array): void {
  try {
    boundHeader(sealed)
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { detail: `${file}: its header is damaged`, cause })
  }
  const header = Buffer.from(sealed.subarray(0, budgets.objectHeader.most)).toString('latin1')
  const work = /^age-encryption\.org\/v1\n-> scrypt \S+ ([1-9]\d*)\n/.exec(header)?.[1]
  if (work === undefined)
    throw new AppError('FILE_UNREADABLE', {
      detail: `${file}: it is encrypted with a key and not with a passphrase`,
    })
  // Eight blocks of 128 bytes, as the format fixes it.
  if (1024 * 2 ** Number(work) > budgets.passphraseMemory.most)
    throw new AppError('FILE_UNREADABLE', {
      detail: `${file}: it takes more than ${budgets.passphraseMemory.most} bytes of memory to try a passphrase`,
    })
}
