import { AppError } from '../../../protocol/errors.ts'
import { describeOthers } from '../../config/identity-lines.ts'
import { budgets } from '../../kernel/budgets.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Places } from '../../platform/files/places.ts'
import { hasIdentity, readIdentityFile, readOwnIdentities } from './keys.ts'
import { checkHeader, fileKeyOf, openSealed } from './seal-age.ts'
import { unlockIdentity } from './unlock-identity.ts'

export type IdentityOpener = {
  /** @throws AppError OPEN_FAILED */
  open(sealed: Uint8Array): Promise<Uint8Array>
  /** Of the header alone. @throws AppError OPEN_FAILED */
  check(sealed: Uint8Array): Promise<void>
  /** The key of this file alone. @throws AppError OPEN_FAILED */
  fileKey(sealed: Uint8Array): Promise<Uint8Array>
  /** What else is in the files, a sentence for each file; nothing of it is used. */
  passedOver: readonly string[]
}

/**
 * Opens with the identities of the files that a person names, or with those of this computer.
 * @param askPassphrase undefined where no person can be asked
 * @throws AppError IDENTITY_MISSING | IDENTITY_LOCKED | PASSPHRASE_WRONG | FILE_UNREADABLE
 */
export async function identityOpener(
  files: readonly string[],
  places: Places,
  askPassphrase?: (file: string) => Promise<Secret>,
): Promise<IdentityOpener> {
  const { identities, passedOver } = await readAll(files, places, askPassphrase)
  if (identities.length === 0) throw new AppError('IDENTITY_MISSING')
  return {
    open: sealed => explaining(openSealed(sealed, identities)),
    check: sealed => explaining(checkHeader(sealed, identities)),
    fileKey: sealed => explaining(fileKeyOf(sealed, identities)),
    passedOver,
  }

  async function explaining<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (cause) {
      const isUnexplained = cause instanceof AppError && cause.code === 'OPEN_FAILED' && !cause.detail
      if (!isUnexplained || passedOver.length === 0) throw cause
      throw new AppError('OPEN_FAILED', { detail: passedOver.join('; '), cause })
    }
  }
}

async function readAll(
  files: readonly string[],
  places: Places,
  askPassphrase?: (file: string) => Promise<Secret>,
): Promise<{ identities: Secret[]; passedOver: string[] }> {
  if (files.length === 0)
    return { identities: (await hasIdentity(places)) ? await readOwnIdentities(places) : [], passedOver: [] }
  const unlock =
    askPassphrase &&
    ((file: string, sealed: Uint8Array) => unlockIdentity(file, sealed, () => askPassphrase(file)))
  const identities = new Map<string, Secret>()
  const passedOver: string[] = []
  for (const file of files) {
    const { identities: found, others } = await readIdentityFile(file, unlock)
    for (const identity of found) identities.set(identity.reveal(), identity)
    if (others.length > 0) passedOver.push(describeOthers(file, others))
  }
  const all = [...identities.values()]
  if (all.length > budgets.identities.most)
    passedOver.push(`${all.length - budgets.identities.most} identities too many are not tried`)
  return { identities: all.slice(0, budgets.identities.most), passedOver }
}
