import { hash } from 'node:crypto'
import { Decrypter } from 'age-encryption'
import type { ProofCrypto } from '../../proof/gather-facts.ts'
import { boundHeader } from './age-header.ts'
import { isSigned } from './device-key.ts'

/** What checking a proof takes, with Node's own functions. */
export const proofCrypto: ProofCrypto = {
  sha256: text => hash('sha256', text),
  hashOf: async bytes => hash('sha256', bytes),
  isSigned: async head => isSigned(head),

  async fits(sealed, fileKey) {
    try {
      boundHeader(sealed)
      const decrypter = new Decrypter()
      decrypter.addIdentity({ unwrapFileKey: () => fileKey })
      await decrypter.decryptHeader(sealed)
      return true
    } catch {
      // Whatever is wrong with it: the key does not fit this file.
      return false
    }
  },
}
