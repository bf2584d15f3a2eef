import { AppError } from '../protocol/errors.ts'
import { checkPlaces } from './adapters/base/check-places.ts'
import { lockHolder } from './adapters/base/lock-holder.ts'
import type { Places } from './adapters/base/places.ts'
import type { KeyAccess } from './commands/context.ts'
import { describeKeyChanges, type KeySet, withConfirmed } from './core/key-set.ts'

/**
 * The keys of this user, for the command line; a running tracker is told by the command afterwards. What a person does
 * here in a terminal is how it is confirmed. Belongs to cli.ts.
 */
export function keyAccess(places: Places): KeyAccess {
  const open = async () => {
    checkPlaces(places)
    return {
      ...(await import('./adapters/seal/keys.ts')),
      ...(await import('./adapters/seal/confirmed-keys.ts')),
    }
  }
  type Open = Awaited<ReturnType<typeof open>>

  return {
    async show() {
      const { findKeys, hasIdentity, hasLived, readConfirmed, firstStartMakes } = await open()
      const identity = (await hasIdentity(places)) ? places.identity : undefined
      const confirmed = readConfirmed(places)
      const found = await findKeys(places)
      const common = { identity, device: found.device ?? undefined }
      const unconfirmed = confirmed && describeKeyChanges(confirmed, found)
      if (confirmed)
        return { ...common, recipients: confirmed.recipients, ...(unconfirmed && { unconfirmed }) }
      if (found.recipients.length > 0) return { ...common, recipients: found.recipients }
      if (hasLived(places)) throw new AppError('KEYS_UNCONFIRMED')
      const makes = await firstStartMakes(places)
      if (makes === 'nothing') throw found.problem ?? new AppError('NO_RECIPIENT')
      throw new AppError('NO_RECIPIENT', { detail: `none yet; the first start makes ${madeFirst[makes]}` })
    },

    async create(file) {
      const { createIdentity, ...keys } = await open()
      const made = await createIdentity(places, file === undefined ? {} : { file })
      const isHere = file === undefined || file === places.identity
      await confirmAdded(keys, {
        recipients: [made.recipient],
        identities: isHere ? [made.recipient] : [],
      })
      return made
    },

    async add(text) {
      const { addRecipient, ...keys } = await open()
      const recipient = await addRecipient(places, text)
      await confirmAdded(keys, { recipients: [recipient] })
      return recipient
    },

    async export(file, here) {
      const { exportIdentity, keepConfirmed, readConfirmed } = await open()
      await exportIdentity(places, file, { forgetHere: here === 'forget-here' })
      const confirmed = readConfirmed(places)
      if (confirmed && here === 'forget-here') await keepConfirmed(places, { ...confirmed, identities: [] })
    },

    async confirm() {
      const { findKeys, keepConfirmed, readConfirmed } = await open()
      const found = await findKeys(places)
      // Nothing could be opened any more.
      if (found.recipients.length === 0) throw found.problem ?? new AppError('NO_RECIPIENT')
      const confirmed = readConfirmed(places)
      const changes = confirmed && describeKeyChanges(confirmed, found)
      await keepConfirmed(places, found)
      return { recipients: found.recipients, changes }
    },

    async restore() {
      const { readConfirmed, restoreRecipients } = await open()
      const confirmed = readConfirmed(places)
      if (!confirmed) throw new AppError('KEYS_UNCONFIRMED')
      await restoreRecipients(places, confirmed.recipients)
      return confirmed.recipients
    },
  }

  /** Only what was added: another change that waits to be confirmed goes on waiting. */
  async function confirmAdded(
    { findKeys, hasLived, keepConfirmed, readConfirmed }: Pick<Open, ConfirmingParts>,
    added: Partial<Pick<KeySet, 'recipients' | 'identities'>>,
  ): Promise<void> {
    const confirmed = readConfirmed(places)
    if (confirmed) await keepConfirmed(places, withConfirmed(confirmed, added))
    // Before the first start nothing is confirmed: it takes what it finds. Where the file is lost the database may still
    // know of keys that would be dropped here. A tracker that runs would have written the file from it.
    else if (hasLived(places) && lockHolder(places.lockDb))
      await keepConfirmed(places, await findKeys(places))
  }
}

type ConfirmingParts = 'findKeys' | 'hasLived' | 'keepConfirmed' | 'readConfirmed'

const madeFirst = { 'an identity': 'one', 'the list of recipients': 'it from the identity that is here' }
