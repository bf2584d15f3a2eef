import { type Problem, toProblem } from '../../protocol/errors.ts'
import { backoffMs } from '../core/backoff.ts'
import { createCell, type ReadonlyCell, until } from '../core/cell.ts'
import { isoOf } from '../core/instants.ts'
import { signalUntilChange, unlessAborted } from '../core/lifetime.ts'
import { retryAfterMsOf } from '../core/retry-after.ts'
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
  /** Delivers what can be delivered right now, without waiting for anything. Only once `run` has ended. */
  drainNow(signal: AbortSignal): Promise<void>
}

/** Done: delivered, or found damaged and set aside by the outbox. */
type Outcome = { kind: 'done' } | { kind: 'failed'; limits: Parameters<typeof backoffMs>[2] }

/** At least one second between tries and at most five minutes, as the promises of docs/architecture.md say. */
const serverLimits = { firstMs: 2000, longestMs: 300_000 }
/** Looking whether a drive is back asks nobody's server, and whoever plugs it in watches. */
const folderLimits = { firstMs: 2000, longestMs: 10_000 }
const folderCodes: readonly Problem['code'][] = ['DELIVERY_FOLDER_MISSING', 'DELIVERY_FOLDER_NOT_WRITABLE']

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
        if ((await deliver(item, signal)).kind === 'failed') return
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
        const outcome = await deliver(item, signal)
        if (outcome.kind === 'failed') await waitForNextTry(failures++, outcome.limits, signal)
        else failures = 0
        if (outbox.summary.value.items === 0) problem.set(undefined)
      }
    },
  }

  async function deliver(item: OutboxItem, signal: AbortSignal): Promise<Outcome> {
    try {
      {
        await using sealed = await outbox.open(item)
        await destination.value.put(item.key, sealed, signal)
      }
      await outbox.remove(item)
    } catch (error) {
      if (signal.aborted) return { kind: 'failed', limits: serverLimits }
      const found = toProblem(error)
      // Set aside, it is done with. Still there, it is the index that is damaged, and only a restart repairs that.
      if (found.code === 'STORE_DAMAGED' && outbox.next()?.key !== item.key) {
        log({ event: 'item-quarantined', ...found })
        return { kind: 'done' }
      }
      // A drive that is away for a week is one line and not sixty thousand.
      if (!isSame(problem.value, found)) log({ event: 'delivery-failed', ...found })
      problem.set(found)
      const limits = folderCodes.includes(found.code) ? folderLimits : serverLimits
      return { kind: 'failed', limits: { ...limits, retryAfterMs: retryAfterMsOf(error) } }
    }
    problem.set(undefined)
    countDelivery()
    return { kind: 'done' }
  }

  function countDelivery(): void {
    const count = (delivered.value?.count ?? 0) + 1
    const sum = { count, last: isoOf(clock.now()) }
    delivered.set(sum)
    try {
      memory.keep('delivered', sum)
    } catch (error) {
      // The item has arrived all the same. The next one is counted together with this one.
      log({ event: 'delivery-not-counted', ...toProblem(error) })
    }
  }

  /** A new destination is worth a try at once: somebody may just have corrected it. */
  async function waitForNextTry(
    attempt: number,
    limits: Parameters<typeof backoffMs>[2],
    signal: AbortSignal,
  ): Promise<void> {
    using change = signalUntilChange([destination], signal)
    const waitMs = backoffMs(attempt, random(), limits)
    nextTry.set(isoOf(clock.now().add({ milliseconds: waitMs })))
    await unlessAborted(clock.sleep(waitMs, change.signal), change.signal)
    nextTry.set(undefined)
  }
}

function isSame(known: Problem | undefined, found: Problem): boolean {
  return known?.code === found.code && known.detail === found.detail
}
