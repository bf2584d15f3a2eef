import type { Entry } from '../../protocol/records.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { Keys } from './keys.ts'

type Parts = { keys: Keys; consent: ReadonlySignal<unknown>; note: (entry: Entry) => void }

/** Keeps the records abreast of the keys: which ones changed, and that recording waits where none were confirmed. */
export function createKeyRecorder({ keys, consent, note }: Parts) {
  let waits = false
  return {
    record,

    /** Reads the key files again, also what a command of this person confirmed. */
    async reload(): Promise<void> {
      await keys.reload()
      record()
    },

    /** Looks whether a key file has changed, which costs next to nothing. */
    async follow(): Promise<void> {
      await keys.reloadIfChanged()
      try {
        record()
      } catch {
        // The disk is full, which is said of the input too; sealing makes room, and the next look records it.
      }
    },
  }

  /** Nothing is recorded before the consent. */
  function record(): void {
    if (!consent.value) return
    keys.record(note)
    const nowWaits = keys.hindrance.value !== undefined
    if (nowWaits !== waits) note({ kind: nowWaits ? 'suspended' : 'unsuspended', reason: 'keys-unconfirmed' })
    waits = nowWaits
  }
}
