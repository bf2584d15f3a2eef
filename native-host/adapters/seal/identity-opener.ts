import { AppError } from '../../../protocol/errors.ts'
import { describeOthers } from '../../config/identity-lines.ts'
import type { Places } from '../../platform/files/places.ts'
import { hasIdentity, readIdentityFile, readOwnIdentities } from './keys.ts'
import { checkHeader, openSealed } from './seal-age.ts'

export type IdentityOpener = {
  /** @throws AppError OPEN_FAILED */
  open(sealed: Uint8Array): Promise<Uint8Array>
  /** Of the header alone. @throws AppError OPEN_FAILED */
  check(sealed: Uint8Array): Promise<void>
}

/**
 * Opens with the identities of the file that a person names, or with those of this computer.
 * @throws AppError IDENTITY_MISSING | IDENTITY_LOCKED | FILE_UNREADABLE
 */
export async function identityOpener(
  recoveryFile: string | undefined,
  places: Places,
): Promise<IdentityOpener> {
  const { identities, others } =
    recoveryFile === undefined
      ? { identities: (await hasIdentity(places)) ? await readOwnIdentities(places) : [], others: [] }
      : await readIdentityFile(recoveryFile)
  if (identities.length === 0) throw new AppError('IDENTITY_MISSING')
  const passedOver = describeOthers(recoveryFile ?? '', others)
  return {
    open: sealed => explaining(openSealed(sealed, identities)),
    check: sealed => explaining(checkHeader(sealed, identities)),
  }

  async function explaining<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (cause) {
      const isUnexplained = cause instanceof AppError && cause.code === 'OPEN_FAILED' && !cause.detail
      if (!isUnexplained || passedOver === '') throw cause
      throw new AppError('OPEN_FAILED', { detail: passedOver, cause })
    }
  }
}
