import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { BackoffLimits } from '../kernel/backoff.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import { type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import type { DeliveryFacts, Destination, Outbox, OutboxItem } from './ports.ts'
import { retryAfterMsOf } from './retry-after.ts'
import { retryLimits } from './retry-limits.ts'
import { type Gate, type WorkLimits, workInOrder } from './work-in-order.ts'

type Ports = {
  outbox: Outbox
  destination: ReadonlySignal<Destination>
  memory: Memory<DeliveryFacts>
  clock: Clock
  log: Log
}

export type Failure = { problem: Problem; item: OutboxItem | undefined; limits: BackoffLimits }

/** What the deliveries so far have shown. */
export type Deliveries = {
  problem: Signal<Problem | undefined>
  delivered: Signal<DeliveryFacts['delivered'] | undefined>
  /**
   * Failures since the last success: while there are any, one delivery at a time tests whether delivery works
   * again.
   */
  failures: number
  keptAtMs: number
}

/** At most this many items are delivered again after a crash. */
const mostUnderWay = 32
/** Items read from the disk while earlier ones are sent, so that no request waits for the disk. */
const readAhead = 2
/** The count is only shown. Making it durable costs as much as the rest of a small delivery. */
const keepEveryMs = 1000

/**
 * Begins with the oldest item, or with the first behind `after`. After a failure no new delivery begins, and
 * those under way are awaited.
 */
export async function deliverInOrder(
  ports: Ports,
  state: Deliveries,
  after: OutboxItem | undefined,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { outbox, destination } = ports
  const done = new AbortController()
  let failure: Failure | undefined
  const fail = (found: Failure) => {
    if (!failure) state.failures += 1
    failure ??= found
  }
  const limits: WorkLimits = { atOnce: 1, ahead: 0, begun: mostUnderWay }
  await workInOrder<OutboxItem>(
    {
      next(last) {
        try {
          return nextItem(outbox, last)
        } catch (error) {
          fail(noteFailure(ports, state, undefined, error))
          return undefined
        }
      },
      async begin(item, before, gate) {
        const outcome = await deliver(ports, state, { item, before, gate }, signal)
        if (outcome) fail(outcome)
      },
      limits() {
        if (failure || signal.aborted) return undefined
        return state.failures > 0 ? limits : { ...limits, atOnce: destination.value.atOnce, ahead: readAhead }
      },
      onNews: look => watch(outbox.summary, look, done.signal),
    },
    after,
  )
  done.abort()
  keepCount(ports, state)
  return failure
}

function nextItem(outbox: Outbox, last: OutboxItem | undefined): OutboxItem | undefined {
  const item = outbox.next(last)
  // Trusting the count would make this search for the item without end.
  if (!item && !last && outbox.summary.value.items > 0) throw new AppError('STORE_DAMAGED')
  return item
}

type Delivery = { item: OutboxItem; before: OutboxItem | undefined; gate: Gate }

async function deliver(
  ports: Ports,
  state: Deliveries,
  { item, before, gate }: Delivery,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { outbox, destination, log } = ports
  try {
    {
      await using sealed = await outbox.open(item)
      if (!(await gate.leave)) return undefined
      await destination.value.put(item.key, sealed, signal)
    }
    gate.pass()
    await outbox.remove(item)
  } catch (error) {
    if (signal.aborted) return undefined
    const found = toProblem(error)
    // An item in quarantine is done. If it is still there, the index is damaged and must be repaired first.
    if (found.code !== 'STORE_DAMAGED' || isStillThere(outbox, item, before))
      return noteFailure(ports, state, item, error)
    log({ event: 'item-quarantined', ...found })
    return undefined
  }
  state.failures = 0
  state.problem.value = undefined
  countDelivery(ports, state)
  return undefined
}

function isStillThere(outbox: Outbox, item: OutboxItem, before: OutboxItem | undefined): boolean {
  try {
    return outbox.next(before)?.key === item.key
  } catch {
    return true
  }
}

function noteFailure(
  { log }: Ports,
  { problem }: Deliveries,
  item: OutboxItem | undefined,
  error: unknown,
): Failure {
  const found = toProblem(error)
  // A drive that is missing for a week is one line, not sixty thousand.
  if (!isSame(problem.value, found)) log({ event: 'delivery-failed', ...found })
  problem.value = found
  return {
    problem: found,
    item,
    limits: { ...retryLimits(found.code), retryAfterMs: retryAfterMsOf(error) },
  }
}

function isSame(known: Problem | undefined, found: Problem): boolean {
  return known?.code === found.code && known.detail === found.detail
}

function countDelivery(ports: Ports, state: Deliveries): void {
  const { clock } = ports
  const count = (state.delivered.value?.count ?? 0) + 1
  state.delivered.value = { count, last: isoOf(clock.now()) }
  if (clock.monotonicMs() - state.keptAtMs >= keepEveryMs) keepCount(ports, state)
}

function keepCount({ clock, memory, log }: Ports, state: Deliveries): void {
  try {
    memory.set('delivered', state.delivered.value)
    state.keptAtMs = clock.monotonicMs()
  } catch (error) {
    // The items have arrived all the same. The next ones are counted together with these.
    log({ event: 'delivery-not-counted', ...toProblem(error) })
  }
}
