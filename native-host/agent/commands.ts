import { checkOf } from '../adapters/destination/choose.ts'
import { networkProbe } from '../adapters/network/network-probe.ts'
import type { Commands } from '../clients/commands.ts'
import { recordInput } from '../input/record-input.ts'
import type { Clock } from '../kernel/ports.ts'
import { diagnoseConnection } from '../network/diagnose-connection.ts'
import type { OpenedDays } from '../opened/open-days.ts'
import type { ReviewHold } from '../screenshots/hold-screenshots.ts'
import type { Screenshots } from '../screenshots/take-screenshots.ts'
import type { Control } from '../tracking/control-tracking.ts'
import type { LifecycleRecorder } from '../tracking/record-lifecycle.ts'
import type { Delivery } from './delivery.ts'
import type { State } from './open-state.ts'
import { openedCommands } from './opened.ts'
import type { Privacy } from './privacy.ts'
import type { Recording } from './recording.ts'
import { waitsFor } from './waits-for.ts'

type Parts = {
  state: State
  clock: Clock
  control: Control
  lifecycle: LifecycleRecorder
  recording: Pick<Recording, 'activity' | 'flagged'>
  screenshots: Screenshots
  held: ReviewHold
  delivery: Pick<Delivery, 'world'>
  privacy: Privacy
  opened: OpenedDays
  refreshStatus: () => void
  reloadKeys: () => Promise<void>
  followSession: Commands['followSession']
  stop: () => void
}

/** What connected clients may ask the agent for. Belongs to the agent. */
export function clientCommands(parts: Parts, signal: AbortSignal): Commands {
  const { state, clock, control, lifecycle, screenshots, held, privacy } = parts
  const { activity, flagged } = parts.recording
  const { guard, confirmations, pictureLock } = privacy
  return {
    acknowledge: guard.agree,
    pause: control.pauseUntil,
    resume: control.resume,
    screenshotNow: screenshots.takeNow,
    skipScreenshot: screenshots.skipNext,
    dayOf: state.timeline.dayOf,
    previewHeld: (object, size, { viaBrowser }) =>
      held.preview(object, size, !viaBrowser || pictureLock.isUnlocked() ? 'sharp-too' : 'blurred-only'),

    unlockPictures({ viaBrowser, name }) {
      if (viaBrowser && pictureLock.isUnlocked()) return
      if (viaBrowser) throw waitsFor(confirmations.propose({ kind: 'pictures' }, name, pictureLock.unlock))
      pictureLock.unlock()
      lifecycle.note({ kind: 'confirmation.accepted', what: 'pictures', by: name })
    },

    ...openedCommands(parts.opened, privacy, signal),
    confirm: confirmations.answer,
    blurHeld: held.blur,
    deleteHeld: held.remove,
    recordInput: (onLines, called) =>
      recordInput({ recordings: activity.recordings, clock }, onLines, AbortSignal.any([called, signal])),

    withdrawVerdict(from, to, by) {
      // What was seen lately counts against the person no more, unless it is about another stretch.
      const [latest] = flagged.stretches.value
      if (!latest || latest.from <= to) activity.judgeAnew()
      lifecycle.note({ kind: 'verdict.withdrawn', from, to, by })
      flagged.withdraw(from, to)
      parts.refreshStatus()
    },

    changeSetting: guard.changeSetting,
    undoWeakening: guard.undo,

    async testConnection(onReport, called) {
      const check = checkOf(state.settings.value, parts.delivery.world)
      const ended = AbortSignal.any([called, signal])
      await diagnoseConnection(check, { probe: networkProbe, clock }, onReport, ended)
    },

    reloadKeys: parts.reloadKeys,
    followSession: parts.followSession,
    stop: parts.stop,
  }
}
