import packageFile from '../../package.json' with { type: 'json' }
import { bootId } from '../adapters/system/boot.ts'
import type { Clock } from '../kernel/ports.ts'
import { controlTracking } from '../tracking/control-tracking.ts'
import { createLifecycleRecorder } from '../tracking/record-lifecycle.ts'
import type { Keys } from './keys.ts'
import type { State } from './open-state.ts'
import { createKeyRecorder } from './record-keys.ts'

type Parts = { state: State; clock: Clock; keys: Keys; repaired: boolean }

/** Consent, pause and suspension, and what the journal says of the agent's own life. */
export function composeControl({ state, clock, keys, repaired }: Parts, signal: AbortSignal) {
  const { journal, memory, unstored } = state
  const control = controlTracking({ clock, journal, memory, hindrance: keys.hindrance }, signal)
  const { consent } = control
  const lifecycle = createLifecycleRecorder({
    journal,
    memory,
    unstored,
    clock,
    consent,
    version: packageFile.version,
    boot: bootId(clock),
    pid: process.pid,
    key: keys.device.publicKey,
    repaired,
  })
  return { control, lifecycle, keyRecorder: createKeyRecorder({ keys, consent, note: lifecycle.note }) }
}
