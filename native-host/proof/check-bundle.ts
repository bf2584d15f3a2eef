import type { ProofBundle } from '../../protocol/proof.ts'
import type { ReportDay } from '../../protocol/report.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import type { Sha256 } from '../journal/chain-link.ts'
import { compareDevices, type SetFinding } from '../verify/compare-devices.ts'
import { type CheckedDevice, checkDevice } from './check-device.ts'
import { checkReceived, isFinding, type ReceivedHead } from './check-received.ts'
import { notAsStated } from './check-stated.ts'
import type { ProofFacts } from './gather-facts.ts'
import { shownDays } from './shown-days.ts'

export type CheckedProof = {
  devices: ProvenDevice[]
  received: ReceivedHead[]
  /** Findings that need all devices together. */
  across: SetFinding[]
  /** How many findings there are in all. */
  found: number
}

export type ProvenDevice = CheckedDevice & {
  /** Of shown and proven records alone; without any where nothing is signed. */
  days: ReportDay[]
  /** The times of the first and the last shown record; undefined when none is shown, or nothing is signed. */
  shownFrom: string | undefined
  shownTo: string | undefined
  /** Up to here heads that the reader received earlier bind the sender. */
  boundTo: string | undefined
}

export type ProofAsked = {
  facts: ProofFacts
  sha256: Sha256
  /** Heads that the reader has from elsewhere. */
  received: readonly SignedHead[]
}

/**
 * What a bundle proves, to anybody: pure, and the same in the page and in the command. Without heads that were received
 * earlier it never says that a bundle is complete.
 */
export function checkBundle(bundle: ProofBundle, { facts, sha256, received }: ProofAsked): CheckedProof {
  const madeAt = Temporal.Instant.from(bundle.made_at)
  const devices = bundle.devices.map(device =>
    checkDevice(device, { facts, sha256, madeAt, trusted: keysOf(received, device.device, facts) }),
  )
  for (const device of devices) device.findings.push(...notAsStated(bundle, device))
  const { from, until } = bundle
  const compared = received.map(head =>
    checkReceived(head, { devices, isSigned: facts.isSigned, from, until }),
  )
  const across = [...compareDevices(devices.map(asCompared), []), ...namedTwice(devices)]
  const found =
    devices.reduce((sum, { findings }) => sum + findings.length, 0) +
    across.length +
    compared.filter(isFinding).length
  return {
    devices: devices.map(device => prove(bundle, device, compared)),
    received: compared,
    across,
    found,
  }
}

/** The key that signed what the reader received earlier is the right one. */
function keysOf(received: readonly SignedHead[], device: string, facts: ProofFacts): string[] {
  const own = received
    .filter(head => head.device === device && facts.isSigned(head))
    .toSorted((a, b) => a.seq - b.seq)
  return [...new Set(own.map(({ key }) => key))]
}

function prove(bundle: ProofBundle, device: CheckedDevice, received: readonly ReceivedHead[]): ProvenDevice {
  const shown = device.isSigned ? device.stretches.filter(stretch => stretch.kind === 'shown') : []
  const bound = received.flatMap(head =>
    head.kind === 'bound' && head.device === device.device ? [head] : [],
  )
  const last = bound.toSorted((a, b) => a.seq - b.seq).at(-1)
  return {
    ...device,
    shownFrom: shown[0]?.from,
    shownTo: shown.at(-1)?.to,
    boundTo: last?.to,
    days: daysOf(device, bundle),
  }
}

function asCompared({ device, keys, records }: CheckedDevice) {
  return { device, keys, from: records[0]?.at }
}

/** Two lists of one device are two histories. */
function namedTwice(devices: readonly CheckedDevice[]): SetFinding[] {
  const names = devices.map(({ device }) => device)
  return devices
    .filter(({ device }, index) => names.indexOf(device) !== index)
    .map(({ device, keys }) => ({
      kind: 'history-begun-anew',
      key: keys[0] ?? '',
      devices: [device, device],
    }))
}

/** Records that a stranger signed may hold what no tracker writes, such as a zone that does not exist. */
function daysOf(device: CheckedDevice, bundle: ProofBundle): ReportDay[] {
  try {
    return shownDays(device, bundle)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return []
  }
}
