import { hash } from 'node:crypto'
import { isSigned } from '../adapters/seal/device-key.ts'
import { readDelivered } from '../adapters/system/user-files.ts'
import type { DeliveredAccess } from '../commands/context.ts'
import { hashOfRest, readSealedParts } from '../journal/sealed-head.ts'
import type { Places } from '../platform/files/places.ts'

/** What it takes to verify what was delivered; what is large of it is loaded when it is wanted. Belongs to cli.ts. */
export function deliveredAccess(places: Places): DeliveredAccess {
  return {
    find: async paths => (await import('../adapters/system/delivered-objects.ts')).findDelivered(paths),
    readFile: readDelivered,
    hashOf: bytes => hash('sha256', bytes),
    sha256,
    readHead(sealed) {
      const parts = readSealedParts(sealed)
      const others = parts?.others
      const rest = others && hashOfRest(hash('sha256', others.before), hash('sha256', others.payload), sha256)
      return { head: parts?.head, rest }
    },
    isSigned,
    async opener(recoveryFile) {
      const { identityOpener } = await import('../adapters/seal/identity-opener.ts')
      const { unpackSegment } = await import('../adapters/seal/unpack-segment.ts')
      const { open, check } = await identityOpener(recoveryFile, places)
      return { records: async sealed => unpackSegment(await open(sealed)), check }
    },
  }
}

function sha256(text: string): string {
  return hash('sha256', text)
}
