import { confirmDialog } from '../adapters/notice/confirm-dialog.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { createConfirmations } from '../privacy/confirm-outside.ts'
import { createPrivacyGuard } from '../privacy/guard-privacy.ts'
import type { Notice } from '../privacy/ports.ts'
import { createPictureLock } from '../privacy/unlock-pictures.ts'
import type { Control } from '../tracking/control-tracking.ts'
import type { LifecycleRecorder } from '../tracking/record-lifecycle.ts'
import type { State } from './open-state.ts'

export type Privacy = ReturnType<typeof composePrivacy>

type Parts = {
  state: State
  clock: Clock
  log: Log
  notice: Notice
  control: Control
  lifecycle: LifecycleRecorder
  recordKeys: () => void
}

/** What a client may not do unseen: consent, weaker settings, sharp pictures. */
export function composePrivacy(parts: Parts, signal: AbortSignal) {
  const { state, clock, log, notice, control, lifecycle, recordKeys } = parts
  const { settingsStore, memory } = state
  const { note } = lifecycle
  const pictureLock = createPictureLock(clock, signal)
  /** The same for decrypted days. */
  const daysLock = createPictureLock(clock, signal)
  const dialog = confirmDialog(process.env)
  const confirmations = createConfirmations({ clock, random: Math.random, memory, dialog, log, note }, signal)
  const consent = {
    isGiven: () => control.consent.value !== undefined,
    give(textVersion: number, by: string) {
      control.acknowledge(textVersion, by)
      lifecycle.onConsent()
      recordKeys()
    },
    withdraw: control.withdraw,
  }
  const guard = createPrivacyGuard(
    {
      clock,
      settings: settingsStore,
      memory,
      notice,
      log,
      note,
      consent,
      propose: (weakenings, by, allow) => confirmations.propose({ kind: 'weakening', weakenings }, by, allow),
    },
    signal,
  )
  return { pictureLock, daysLock, confirmations, guard }
}
