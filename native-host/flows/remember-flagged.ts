import { AppError } from '../../protocol/errors.ts'
import type { Cell, ReadonlyCell } from '../core/cell.ts'
import { createCell } from '../core/cell.ts'
import { extendStretch, type FlaggedStretch, type Judged } from '../core/flagged-stretch.ts'
import type { Memory } from '../ports.ts'

type Ports = { judged: readonly ReadonlyCell<Judged | undefined>[]; memory: Memory }

/** The latest stretch that does not look genuine, for the person to see and to withdraw. */
export type Flagged = {
  stretch: ReadonlyCell<FlaggedStretch | undefined>
  /** A stretch that began by then is none any more. */
  withdraw(through: string): void
}

/** It is remembered from one run to the next: a wrong verdict can be withdrawn after a restart too. */
export function createFlagged({ judged, memory }: Ports, signal: AbortSignal): Flagged {
  const stretch: Cell<FlaggedStretch | undefined> = createCell(memory.recall('flagged'))
  let isKept = true
  for (const cell of judged)
    cell.watch(next => {
      if (!next) return
      const known = stretch.value
      stretch.set(extendStretch(known, next))
      if (stretch.value !== known) isKept = false
      keep()
    }, signal)

  return {
    stretch,
    withdraw(through) {
      if (!stretch.value || stretch.value.from > through) return
      stretch.set(undefined)
      isKept = false
      keep()
    },
  }

  function keep(): void {
    if (isKept) return
    try {
      memory.keep('flagged', stretch.value)
      isKept = true
    } catch (error) {
      // A full disk is told of by whoever stores the records. Tried again with the next of them.
      if (!(error instanceof AppError)) throw error
    }
  }
}
