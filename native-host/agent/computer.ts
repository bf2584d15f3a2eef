import type { Computer } from '../../protocol/computer.ts'
import { untilOrAborted } from '../kernel/lifetime.ts'
import type { Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import type { TrackingFacts } from '../tracking/ports.ts'

type Parts = {
  memory: Memory<TrackingFacts>
  consent: ReadonlySignal<TrackingFacts['consent'] | undefined>
  boot: string
  read: (signal: AbortSignal) => Promise<Computer>
}

/**
 * What kind of computer it is: asked once after each start of the computer, when the person has agreed, and kept for the
 * starts of the tracker that follow. Belongs to the agent's root.
 */
export function knowComputer(
  { memory, consent, boot, read }: Parts,
  signal: AbortSignal,
): ReadonlySignal<Computer | undefined> {
  const kept = memory.get('computer')
  const computer = createSignal(kept?.facts)
  if (kept?.boot !== boot) void findOut()
  return computer

  async function findOut(): Promise<void> {
    await untilOrAborted(consent, given => given !== undefined, signal)
    if (signal.aborted) return
    try {
      const facts = await read(signal)
      memory.set('computer', { boot, facts })
      computer.value = facts
    } catch {
      // It is only reported. The next start tries again.
    }
  }
}
