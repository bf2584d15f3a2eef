import { hash } from 'node:crypto'
import { Decrypter } from 'age-encryption'
import { proofCrypto } from '../../native-host/adapters/seal/proof-crypto.ts'
import type { SignedHead } from '../../native-host/journal/chain-head.ts'
import type { Secret } from '../../native-host/kernel/secret.ts'
import { type CheckedProof, checkBundle } from '../../native-host/proof/check-bundle.ts'
import type { Chosen } from '../../native-host/proof/chosen-hours.ts'
import { gatherFacts, type ProofCrypto } from '../../native-host/proof/gather-facts.ts'
import { makeBundle, makeDevice, type OpenedObject } from '../../native-host/proof/make-bundle.ts'
import type { ProofBundle } from '../../protocol/proof.ts'
import { type Bucket, itemsOf, linesOf } from './forger.ts'

/** What a device delivered, as its owner opens it. */
export async function openedOf(
  bucket: Bucket,
  device: string,
  identities: readonly Secret[],
): Promise<OpenedObject[]> {
  return Promise.all(
    itemsOf(bucket, device).map(async ({ seq: number, kind, head, bytes }): Promise<OpenedObject> => {
      if (kind === 'records') return { number, head, kind, lines: await linesOf(bytes, identities) }
      const sealed = Uint8Array.from(bytes)
      return {
        number,
        head,
        kind,
        sha256: hash('sha256', sealed),
        sealed,
        fileKey: await fileKeyOf(sealed, identities),
      }
    }),
  )
}

function fileKeyOf(sealed: Uint8Array, identities: readonly Secret[]): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity.reveal())
  return decrypter.decryptHeader(sealed)
}

export const wholeDays: Chosen & { screenshots: boolean } = {
  from: '2026-11-20',
  until: '2026-11-24',
  only: [],
  screenshots: true,
}

export function bundleOf(
  devices: Record<string, readonly OpenedObject[]>,
  chosen: Partial<typeof wholeDays> = {},
  madeAt = '2026-11-30T12:00:00.000Z',
): ProofBundle {
  const all = { ...wholeDays, ...chosen }
  const made = Object.entries(devices).flatMap(
    ([device, objects]) => makeDevice(device, objects, all)?.device ?? [],
  )
  return makeBundle(made, all, madeAt)
}

/** What was computed once is not computed again: forgeries leave most as it was. */
const remembering: ProofCrypto = {
  ...proofCrypto,
  isSigned: remembered(head => JSON.stringify(head), proofCrypto.isSigned),
  fits: remembered((sealed, fileKey) => hash('sha256', sealed) + hash('sha256', fileKey), proofCrypto.fits),
}

function remembered<A extends unknown[], T>(keyOf: (...args: A) => string, ask: (...args: A) => T) {
  const known = new Map<string, T>()
  return (...args: A): T => {
    const key = keyOf(...args)
    const answer = known.get(key) ?? ask(...args)
    known.set(key, answer)
    return answer
  }
}

export async function check(
  bundle: ProofBundle,
  received: readonly SignedHead[] = [],
): Promise<CheckedProof> {
  const facts = await gatherFacts(bundle, received, remembering)
  return checkBundle(bundle, { facts, sha256: proofCrypto.sha256, received })
}
