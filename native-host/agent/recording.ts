import { createFlagged } from '../activity/remember-flagged.ts'
import { trackActivity } from '../activity/track-activity.ts'
import { hookProcess } from '../adapters/input/hook-process.ts'
import { systemPower } from '../adapters/power/system-power.ts'
import { systemPresence } from '../adapters/presence/system-presence.ts'
import { createCountedInput } from '../input/counted-input.ts'
import { noteStoreGaps } from '../journal/note-gaps.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { giveBackMemory } from '../platform/process/give-back-memory.ts'
import { siblingProgram } from '../platform/process/sibling-program.ts'
import { createPowerWatch, savingPower } from '../power/watch-power.ts'
import { watchPresence } from '../presence/watch-presence.ts'
import type { Control } from '../tracking/control-tracking.ts'
import { createTimeWatch } from '../tracking/watch-time.ts'
import { collectAfterWork } from './collect-memory.ts'
import type { State } from './open-state.ts'

export type Recording = ReturnType<typeof composeRecording>

type Parts = { state: State; clock: Clock; log: Log; control: Control; program: string }

/** What is recorded beside screenshots: input, presence, changes of the clock, and what the battery allows. */
export function composeRecording({ state, clock, log, control, program }: Parts, signal: AbortSignal) {
  const { journal, settings, memory, unstored } = state
  const { gate, consent } = control
  const counted = createCountedInput()
  const signs = systemPresence(process.env)
  const presence = watchPresence({ signs, counted, clock, journal, settings, gate })
  const activity = trackActivity({
    counted,
    input: hookProcess({ path: siblingProgram(program, 'input-hook') }),
    clock,
    journal,
    unstored,
    settings,
    gate,
    presence: presence.presence,
    deviceActivity: presence.deviceActivity,
  })
  collectAfterWork(activity.lastInterval, collectGarbage, signal)
  const flagged = createFlagged({ judged: [activity.lastInterval, activity.lastExtended], memory })
  noteStoreGaps({ journal, clock, problem: activity.storeProblem }, signal)
  const onClockSet = control.followClock
  const time = createTimeWatch({ clock, journal, memory, consent, gate, log, onClockSet })
  const power = createPowerWatch({ power: systemPower, clock, settings, log })
  return { presence, activity, flagged, time, power, savingPower: savingPower(power, settings) }
}

/** `gc` is there by a flag of launch-agent.ts. */
function collectGarbage(): void {
  globalThis.gc?.()
  giveBackMemory()
}
