import { type Problem, toProblem } from '../../protocol/errors.ts'
import { every } from '../kernel/every.ts'
import type { Clock, Disk } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'

export type DiskWatch = {
  /** Why nothing can be stored, long before something has to be. */
  problem: ReadonlySignal<Problem | undefined>
}

/** A full disk is shown within five seconds, without waiting for the next interval. */
const lookMs = 2000

export function createDiskWatch({
  disk,
  clock,
}: {
  disk: Disk
  clock: Clock
}): DiskWatch & { run(signal: AbortSignal): Promise<void> } {
  const problem = createSignal<Problem | undefined>(undefined)
  return {
    problem,
    run: signal => every(lookMs, look, clock, signal),
  }

  function look(): void {
    try {
      disk.check()
      problem.value = undefined
    } catch (error) {
      const found = toProblem(error)
      // The same object while it lasts, so that watchers see no change every time.
      if (problem.value?.code !== found.code) problem.value = found
    }
  }
}
