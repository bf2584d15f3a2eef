import type { Problem } from '../../protocol/errors.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { InputEvent } from './input-event.ts'
import type { InputSources } from './input-sources.ts'

export type InputState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'counting' }
  /** Input is not visible to the source: a view that shows counts must say so. */
  | { kind: 'unavailable'; problem: Problem }

export type InputSource = {
  /**
   * Listens until `signal` aborts and resolves then, after the last events were handed over. Restarts what dies,
   * with back-off: a failure is a state, never an exception.
   * `onEvents` gets events in order, in batches at most half a second old. `onSources` gets the devices that they came
   * from, every five seconds while there are any, where the system tells; while `closely` holds, every second and when
   * input ends. `onPointerKeys`: the system moves the pointer by keys (MouseKeys), said before the first events of it.
   */
  listen(
    handlers: {
      onEvents(events: readonly InputEvent[]): void
      onState(state: InputState): void
      onSources?(sources: InputSources): void
      onPointerKeys?(on: boolean): void
      closely?: ReadonlySignal<boolean>
    },
    signal: AbortSignal,
  ): Promise<void>
}
