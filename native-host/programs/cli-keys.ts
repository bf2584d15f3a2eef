import { AppError } from '../../protocol/errors.ts'
import type { KeyAccess } from '../commands/context.ts'
import { text } from '../commands/text.ts'
import { describeKeyChanges, describeKeys, withConfirmed } from '../config/key-set.ts'
import { checkPlaces } from '../platform/files/check-places.ts'
import type { Places } from '../platform/files/places.ts'
import { isCode } from '../privacy/confirmation.ts'

/**
 * The keys of this user, for the command line. The command then tells a running tracker to read them again. What a person
 * does here in a terminal counts as confirmed. Belongs to cli.ts.
 */
export function keyAccess(places: Places): KeyAccess {
  const open = async () => {
    checkPlaces(places)
    const modules = {
      ...(await import('../adapters/seal/keys.ts')),
      ...(await import('../adapters/seal/confirmed-keys.ts')),
    }
    const { readKnownKeys } = await import('../adapters/store/kept-keys.ts')
    const { readConfirmed, lastConfirmedOf } = modules
    return { ...modules, confirmed: lastConfirmedOf(readConfirmed(places), readKnownKeys(places.stateDb)) }
  }

  return {
    async show() {
      const { codeOfFound, confirmed, findKeys, hasIdentity, hasLived, firstStartMakes } = await open()
      const identity = (await hasIdentity(places)) ? places.identity : undefined
      const found = await findKeys(places)
      const common = { identity, device: found.device ?? undefined }
      const changes = confirmed && describeKeyChanges(confirmed, found)
      const unconfirmed =
        changes === undefined ? {} : { unconfirmed: { changes, code: codeOfFound(confirmed, found) } }
      if (confirmed) return { ...common, recipients: confirmed.recipients, ...unconfirmed }
      if (found.recipients.length > 0) return { ...common, recipients: found.recipients }
      if (hasLived(places)) throw new AppError('KEYS_UNCONFIRMED')
      const makes = await firstStartMakes(places)
      if (makes === 'nothing') throw found.problem ?? new AppError('NO_RECIPIENT')
      throw new AppError('NO_RECIPIENT', { detail: text.keys.firstStartMakes[makes] })
    },

    async create(file) {
      const { confirmed, createIdentity, findKeys, hasLived, keepConfirmed, succeedConfirmed } = await open()
      const made = await createIdentity(places, file === undefined ? {} : { file })
      const isHere = file === undefined || file === places.identity
      const added = { recipients: [made.recipient], identities: isHere ? [made.recipient] : [] }
      if (confirmed) await keepConfirmed(places, succeedConfirmed(confirmed, withConfirmed(confirmed, added)))
      // When all confirmed keys are lost the person begins again with the new key alone: other keys that are
      // found wait. Before the first start nothing is confirmed: it takes what it finds.
      else if (hasLived(places)) {
        const { device } = await findKeys(places)
        await keepConfirmed(places, succeedConfirmed(undefined, { ...added, device }))
      }
      return made
    },

    async add(given) {
      const { addRecipient, confirmed, hasLived, keepConfirmed, succeedConfirmed } = await open()
      // Adding one says nothing of the others that are found.
      if (!confirmed && hasLived(places)) throw new AppError('KEYS_UNCONFIRMED')
      const recipient = await addRecipient(places, given)
      if (confirmed) {
        const added = withConfirmed(confirmed, { recipients: [recipient] })
        await keepConfirmed(places, succeedConfirmed(confirmed, added))
      }
      return recipient
    },

    async export(file, here) {
      const { confirmed, exportIdentity, keepConfirmed, succeedConfirmed } = await open()
      await exportIdentity(places, file, { forgetHere: here === 'forget-here' })
      if (confirmed && here === 'forget-here')
        await keepConfirmed(places, succeedConfirmed(confirmed, { ...confirmed, identities: [] }))
    },

    async propose() {
      const { codeOfFound, confirmed, findKeys } = await open()
      const found = await findKeys(places)
      // Nothing could be opened any more.
      if (found.recipients.length === 0) throw found.problem ?? new AppError('NO_RECIPIENT')
      return {
        recipients: found.recipients,
        changes: confirmed ? describeKeyChanges(confirmed, found) : describeKeys(found),
        code: codeOfFound(confirmed, found),
      }
    },

    async confirm(code) {
      const { codeOfFound, confirmed, findKeys, keepConfirmed, succeedConfirmed } = await open()
      const found = await findKeys(places)
      if (found.recipients.length === 0) throw found.problem ?? new AppError('NO_RECIPIENT')
      // A file that was exchanged since the person looked is not what they have seen.
      if (!isCode(code, codeOfFound(confirmed, found))) throw new AppError('KEYS_CODE_WRONG')
      await keepConfirmed(places, succeedConfirmed(confirmed, found))
    },

    async restore() {
      const { confirmed, restoreRecipients } = await open()
      if (!confirmed) throw new AppError('KEYS_UNCONFIRMED')
      await restoreRecipients(places, confirmed.recipients)
      return confirmed.recipients
    },
  }
}
