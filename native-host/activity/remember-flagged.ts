import { assertAppError } from '../../protocol/assert-app-error.ts'
import type { Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import { extendStretches, type FlaggedStretch, type Judged } from './flagged-stretch.ts'
import type { ActivityFacts } from './ports.ts'

const forever = new AbortController().signal

type Ports = { judged: readonly ReadonlySignal<Judged | undefined>[]; memory: Memory<ActivityFacts> }

/** The latest stretches that do not look genuine, for the person to see and to withdraw. */
export type Flagged = {
  /** The latest first. */
  stretches: ReadonlySignal<readonly FlaggedStretch[]>
  /** Withdraws the stretches of this span, and one that went on meanwhile. */
  withdraw(from: string, to: string): void
}

/**
 * They are remembered from one run to the next: a wrong verdict can be withdrawn after a restart too. Belongs to the
 * agent's root: the last interval is stored when the work has ended, and its verdict is remembered as well.
 */
export function createFlagged({ judged, memory }: Ports): Flagged {
  const stretches: Signal<readonly FlaggedStretch[]> = createSignal(memory.get('flagged') ?? [])
  let isKept = true
  for (const each of judged)
    watch(
      each,
      next => {
        if (!next) return
        change(extendStretches(stretches.value, next))
      },
      forever,
    )

  return {
    stretches,
    withdraw(from, to) {
      const left = stretches.value.filter(stretch => stretch.from > to || stretch.to < from)
      if (left.length < stretches.value.length) change(left)
    },
  }

  function change(next: readonly FlaggedStretch[]): void {
    if (next !== stretches.value) isKept = false
    stretches.value = next
    if (isKept) return
    try {
      memory.set('flagged', stretches.value)
      isKept = true
    } catch (error) {
      // The code that stores records reports a full disk. The next record tries again.
      assertAppError(error)
    }
  }
}
