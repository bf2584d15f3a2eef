import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../protocol/errors.ts'
import type { IdentityOpener } from '../adapters/seal/identity-opener.ts'
import type { ProofAccess } from '../commands/context.ts'
import { createSignal } from '../kernel/signals.ts'
import { readProofPage } from '../proof/page-data.ts'

/** Pages of proofs, and what it takes to check one; all of it is loaded when it is wanted. Belongs to cli.ts. */
export function proofAccess(
  dist: string,
  openerOf: (identityFiles: readonly string[]) => Promise<Pick<IdentityOpener, 'open'>>,
): ProofAccess {
  const template = async () => {
    try {
      return await readFile(join(dist, 'native-host', 'pages', 'proof.html'), 'utf8')
    } catch (cause) {
      throw new AppError('NOT_BUILT', { cause })
    }
  }
  return {
    crypto: async () => (await import('../adapters/seal/proof-crypto.ts')).proofCrypto,

    async page(bundle) {
      const { fillPage } = await import('../adapters/reading/html-page.ts')
      const parts: string[] = []
      for await (const part of fillPage(await template(), bundle)) parts.push(part)
      return parts.join('')
    },

    around: async () => readProofPage(await template())?.around.replace('<!-- pictures -->', ''),

    async checkRecipients(recipients) {
      const { hasRecipientForm } = await import('../adapters/seal/keys.ts')
      const wrong = recipients.find(recipient => !hasRecipientForm(recipient))
      if (wrong !== undefined) throw new AppError('RECIPIENT_INVALID', { detail: wrong })
    },

    async seal(bytes, recipients) {
      const { createSealer } = await import('../adapters/seal/seal-age.ts')
      return createSealer(createSignal(recipients)).seal(bytes)
    },

    open: async (sealed, identityFiles) => (await openerOf(identityFiles)).open(sealed),
  }
}
