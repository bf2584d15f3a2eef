import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { WaitReason } from '../../protocol/status.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { Network } from '../network/ports.ts'
import type { Power } from '../power/ports.ts'
import type { Destination } from './ports.ts'
import { uploadHold } from './upload-hold.ts'

type Ports = {
  power: Power
  network: Network
  settings: ReadonlySignal<Settings>
  destination: ReadonlySignal<Destination>
  clock: Clock
  log: Log
}

/** Asking the system starts a program or reads a battery, which takes more than a small upload does. */
const freshMs = 10_000

/**
 * Makes the check that runs before and during uploads. It queries the system only while a setting makes
 * uploads depend on the answer, and never for deliveries to a folder.
 */
export function createUploadHold(ports: Ports): () => Promise<WaitReason | undefined> {
  const { power, network, settings, destination, clock, log } = ports
  let known: { reason: WaitReason | undefined; settings: Settings; atMs: number } | undefined

  return async () => {
    if (destination.value.kind !== 's3') return undefined
    const now = settings.value
    const age = clock.monotonicMs() - (known?.atMs ?? Number.NEGATIVE_INFINITY)
    if (known?.settings === now && age < freshMs) return known.reason
    const asksBattery = !now.upload_on_low_battery && now.battery_threshold > 0
    const [metered, battery] = await Promise.all([
      !now.upload_on_metered && unlessFailing(network.metered(), false),
      asksBattery ? unlessFailing(power.battery(), undefined) : undefined,
    ])
    const reason = uploadHold({ metered, battery }, now, known?.reason)
    known = { reason, settings: now, atMs: clock.monotonicMs() }
    return reason
  }

  /** An unknown answer delays nothing. */
  async function unlessFailing<T>(answer: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await answer
    } catch (error) {
      const found: Problem = toProblem(error)
      log({ event: 'upload-hold-unknown', ...found })
      return otherwise
    }
  }
}
