import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import type { InputState } from './ports.ts'

/** What is known of the input before an interval ends. `activity/` writes it; others read it. */
export type CountedInput = {
  input: ReadonlySignal<InputState>
  /** Rises with every batch of events. */
  seen: ReadonlySignal<number>
  /** Of the last event, on the monotonic clock. */
  lastEventAt: ReadonlySignal<number | undefined>
}

export function createCountedInput() {
  return {
    input: createSignal<InputState>({ kind: 'off' }),
    seen: createSignal(0),
    lastEventAt: createSignal<number | undefined>(undefined),
  }
}
