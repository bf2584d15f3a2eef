/**
 * One event of the keyboard or the pointer, system-wide. There is no field for which key it was: the hook
 * process drops that before the event exists. `slot` only pairs a press with its release (the lowest number
 * that is free at the moment, so the same key gets different slots).
 *
 * `at` is in milliseconds on the monotonic clock of the machine; x and y are pixels of the whole desktop.
 */
export type InputEvent =
  | { kind: 'key-down'; at: number; slot: number }
  | { kind: 'key-up'; at: number; slot: number }
  | { kind: 'button-down'; at: number; button: number; x: number; y: number }
  | { kind: 'button-up'; at: number; button: number; x: number; y: number }
  | { kind: 'move'; at: number; x: number; y: number }
  /** `steps` is signed: the wheel turned away from the user is negative. */
  | { kind: 'wheel'; at: number; steps: number; x: number; y: number }

export type InputListener = (events: readonly InputEvent[]) => void
