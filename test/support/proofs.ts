import { hash } from 'node:crypto'
import { Decrypter } from 'age-encryption'
import { proofCrypto } from '../../native-host/adapters/seal/proof-crypto.ts'
import type { SignedHead } from '../../native-host/journal/chain-head.ts'
import type { Secret } from '../../native-host/kernel/secret.ts'
import { type CheckedProof, checkBundle } from '../../native-host/proof/check-bundle.ts'
import type { Chosen } from '../../native-host/proof/chosen-hours.ts'
import { gatherFacts } from '../../native-host/proof/gather-facts.ts'
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
      return { number, head, kind, sha256: hash('sha256', sealed), sealed, fileKey: await fileKeyOf(sealed, identities) }
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
  const made = Object.entries(devices).flatMap(([device, objects]) => makeDevice(device, objects, all)?.device ?? [])
  return makeBundle(made, all, madeAt)
}

export async function check(bundle: ProofBundle, received: readonly SignedHead[] = []): Promise<CheckedProof> {
  const facts = await gatherFacts(bundle, received, proofCrypto)
  return checkBundle(bundle, { facts, sha256: proofCrypto.sha256, received })
}
