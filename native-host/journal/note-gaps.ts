import { assertAppError } from '../../protocol/assert-app-error.ts'
import type { Problem } from '../../protocol/errors.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock } from '../kernel/ports.ts'
import { type ReadonlySignal, watch } from '../kernel/signals.ts'
import type { Journal } from './ports.ts'

/**
 * Records for how long nothing could be stored, as soon as storing works again. The counts of that time follow from
 * memory; a kill of the agent would have lost them.
 */
export function noteStoreGaps({ journal, clock, problem }: Ports, signal: AbortSignal): void {
  let since: { from: Temporal.Instant; code: string } | undefined
  watch(
    problem,
    found => {
      if (found) {
        since ??= { from: lastSign(), code: found.code }
        return
      }
      if (!since) return
      const { from, code } = since
      since = undefined
      try {
        journal.append({
          kind: 'gap',
          cause: 'disk-full',
          from: isoOf(from),
          to: isoOf(clock.now()),
          detail: code,
        })
      } catch (error) {
        // Full again at once: it is one span, which goes on.
        assertAppError(error)
        since = { from, code }
      }
    },
    signal,
  )

  /** Everything after the last durable write has been in memory only. */
  function lastSign(): Temporal.Instant {
    try {
      return journal.lastWrite() ?? clock.now()
    } catch {
      return clock.now()
    }
  }
}

type Ports = { journal: Journal; clock: Clock; problem: ReadonlySignal<Problem | undefined> }
