import type { ProofBundle } from '../../protocol/proof.ts'
import type { CheckedDevice, ProofFinding } from './check-device.ts'
import { isChosen } from './chosen-hours.ts'

/** The sender's words on what is shown hold for every shown record and picture; what they withheld, nobody can say. */
export function notAsStated(bundle: ProofBundle, device: CheckedDevice): ProofFinding[] {
  const outside = device.records.find(record => !isChosen(record.at, record.offset, bundle))
  const pictures = bundle.screenshots ? [] : device.pictures.slice(0, 1)
  return [...(outside ? [`record ${outside.seq}`] : []), ...pictures.map(({ key }) => key)].map(object => ({
    kind: 'not-as-stated',
    object,
  }))
}
