import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import { backoffMs } from '../core/backoff.ts'
import { createCell, type ReadonlyCell, until } from '../core/cell.ts'
import { isoOf } from '../core/instants.ts'
import { signalUntilChange, unlessAborted } from '../core/lifetime.ts'
import type { Clock, Destination, KeptFacts, Log, Memory, Outbox, OutboxItem } from '../ports.ts'

type Ports = {
  outbox: Outbox
  destination: ReadonlyCell<Destination>
  memory: Memory
  clock: Clock
  random: () => number
  log: Log
}

/** Delivers the outbox in order, for as long as it takes. Nothing is dropped, however often it fails. */
export type Drain = {
  /** What is in the way; undefined while deliveries succeed. */
  problem: ReadonlyCell<Problem | undefined>
  nextTry: ReadonlyCell<string | undefined>
  delivered: ReadonlyCell<KeptFacts['delivered'] | undefined>
  /** Delivers what can be delivered right now, without waiting for anything. */
  drainNow(signal: AbortSignal): Promise<void>
}

/** At least one second between tries and at most five minutes, as the promises of docs/architecture.md say. */
const limits = { firstMs: 2000, longestMs: 300_000 }

export function createDrain(ports: Ports): Drain & { run(signal: AbortSignal): Promise<void> } {
  const { outbox, destination, memory, clock, random, log } = ports
  const problem = createCell<Problem | undefined>(undefined)
  const nextTry = createCell<string | undefined>(undefined)
  const delivered = createCell(memory.recall('delivered'))

  return {
    problem,
    nextTry,
    delivered,

    async drainNow(signal) {
      for (let item = outbox.next(); item && !signal.aborted; item = outbox.next())
        if (!(await deliver(item, signal))) return
    },

    async run(signal) {
      let failures = 0
      while (!signal.aborted) {
        await unlessAborted(
          until(outbox.summary, summary => summary.items > 0, signal),
          signal,
        )
        const item = outbox.next()
        if (!item || signal.aborted) continue
        failures = (await deliver(item, signal)) ? 0 : failures + 1
        if (failures > 0) await waitForNextTry(failures - 1, signal)
      }
    },
  }

  /** Whether the item is done with: delivered, or found damaged and set aside. */
  async function deliver(item: OutboxItem, signal: AbortSignal): Promise<boolean> {
    try {
      await destination.value.put(item.key, await outbox.read(item), signal)
      await outbox.remove(item)
      const count = (delivered.value?.count ?? 0) + 1
      delivered.set({ count, last: isoOf(clock.now()) })
      memory.keep('delivered', delivered.value)
      problem.set(undefined)
      return true
    } catch (error) {
      if (signal.aborted) return false
      if (error instanceof AppError && error.code === 'STORE_DAMAGED') return true
      problem.set(toProblem(error))
      log({ event: 'delivery-failed', ...toProblem(error) })
      return false
    }
  }

  /** A new destination is worth a try at once: somebody may just have corrected it. */
  async function waitForNextTry(attempt: number, signal: AbortSignal): Promise<void> {
    using change = signalUntilChange([destination], signal)
    const waitMs = backoffMs(attempt, random(), limits)
    nextTry.set(isoOf(clock.now().add({ milliseconds: waitMs })))
    await unlessAborted(clock.sleep(waitMs, change.signal), change.signal)
    nextTry.set(undefined)
  }
}
