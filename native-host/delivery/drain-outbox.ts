import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { WaitReason } from '../../protocol/status.ts'
import { type BackoffLimits, backoffMs } from '../kernel/backoff.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, unlessAborted } from '../kernel/lifetime.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, until, watch } from '../kernel/signals.ts'
import type { Network } from '../network/ports.ts'
import type { DeliveryFacts, Destination, Outbox, OutboxItem } from './ports.ts'
import { retryAfterMsOf } from './retry-after.ts'
import { mayBeOfTheItem, retryLimits } from './retry-limits.ts'
import { type Gate, type WorkLimits, workInOrder } from './work-in-order.ts'

type Ports = {
  outbox: Outbox
  destination: ReadonlySignal<Destination>
  memory: Memory<DeliveryFacts>
  network: Network
  /** Why nothing may be uploaded right now; undefined when it may. */
  hold: () => Promise<WaitReason | undefined>
  clock: Clock
  random: () => number
  log: Log
}

/** Delivers the outbox in order, for as long as it takes. Nothing is dropped, however often it fails. */
export type Drain = {
  /** What is in the way; undefined while deliveries succeed. */
  problem: ReadonlySignal<Problem | undefined>
  /** Why it does not even try, which is nobody's fault. */
  waiting: ReadonlySignal<WaitReason | undefined>
  nextTry: ReadonlySignal<string | undefined>
  delivered: ReadonlySignal<DeliveryFacts['delivered'] | undefined>
  /** Delivers what can be delivered right now, without waiting for anything. Only once `run` has ended. */
  drainNow(signal: AbortSignal): Promise<void>
}

type Failure = { problem: Problem; item: OutboxItem | undefined; limits: BackoffLimits }

/** How often it is looked whether uploads have to wait, while there is something to upload. */
const holdLookMs = 30_000
/** A network that comes and goes is no reason for more than one try a second. */
const shortestWaitMs = 1000
/** Between this and twice as long after a failure, something new is no reason to try again. */
const shortestForNewMs = 20_000
/** So many may be delivered again after a crash, which finds them there. */
const mostUnderWay = 32
/** Read from the disk while those before them are sent, so that no request waits for that. */
const readAhead = 2
/** The count is for people to see. To make it durable costs as much as the rest of a small delivery. */
const keepEveryMs = 1000

export function createDrain(ports: Ports): Drain & { run(signal: AbortSignal): Promise<void> } {
  const { outbox, destination, memory, network, hold, clock, random, log } = ports
  const problem = createSignal<Problem | undefined>(undefined)
  const waiting = createSignal<WaitReason | undefined>(undefined)
  const nextTry = createSignal<string | undefined>(undefined)
  const delivered = createSignal(memory.get('delivered'))
  /** Since the last success: while there are some, one delivery at a time finds out whether it works again. */
  let failures = 0
  let keptAtMs = Number.NEGATIVE_INFINITY

  return {
    problem,
    waiting,
    nextTry,
    delivered,

    async drainNow(signal) {
      if (!(await hold())) await deliverInOrder(undefined, signal)
    },

    async run(signal) {
      let failed: OutboxItem | undefined
      while (!signal.aborted) {
        await unlessAborted(
          until(outbox.summary, summary => summary.items > 0, signal),
          signal,
        )
        waiting.value = signal.aborted ? undefined : await hold()
        if (signal.aborted) return
        if (waiting.value) {
          await pause(holdLookMs, signal)
          continue
        }
        const failure = await deliverWhileAllowed(passOver(failed), signal)
        failed = failure?.item
        if (failure && !signal.aborted) await waitForNextTry(failures - 1, failure.limits, signal)
        if (outbox.summary.value.items === 0) problem.value = undefined
      }
    },
  }

  /**
   * The item behind which the next try begins. An item may be refused for what it is, such as one that is too large
   * for a proxy: it is tried again and again, but every second time one of those behind it shows whether it is alone.
   */
  function passOver(failed: OutboxItem | undefined): OutboxItem | undefined {
    const turn = failures >= 3 && failures % 2 === 1
    const itsOwn = turn && problem.value !== undefined && mayBeOfTheItem(problem.value.code)
    return itsOwn && failed && isSomethingBehind(failed) ? failed : undefined
  }

  /** A new destination or a reason to wait calls off what is under way: what was not finished is no failure. */
  async function deliverWhileAllowed(
    after: OutboxItem | undefined,
    outer: AbortSignal,
  ): Promise<Failure | undefined> {
    using change = signalUntilChange([destination], outer)
    const ended = new AbortController()
    const signal = AbortSignal.any([change.signal, ended.signal])
    const watching = endWhenHeld()
    try {
      return await deliverInOrder(after, signal)
    } finally {
      ended.abort()
      await watching
    }

    async function endWhenHeld(): Promise<void> {
      while (!signal.aborted) {
        await unlessAborted(clock.sleep(holdLookMs, signal), signal)
        if (!signal.aborted && (await hold())) ended.abort()
      }
    }
  }

  /**
   * Begins with the oldest item, or with the first behind `after`. A failure ends the beginning of new ones; what is
   * under way is waited for.
   */
  async function deliverInOrder(
    after: OutboxItem | undefined,
    signal: AbortSignal,
  ): Promise<Failure | undefined> {
    const done = new AbortController()
    let failure: Failure | undefined
    const fail = (found: Failure) => {
      if (!failure) failures += 1
      failure ??= found
    }
    const limits: WorkLimits = { atOnce: 1, ahead: 0, begun: mostUnderWay }
    await workInOrder<OutboxItem>(
      {
        next(last) {
          try {
            return nextItem(last)
          } catch (error) {
            fail(noteFailure(undefined, error))
            return undefined
          }
        },
        async begin(item, before, gate) {
          const outcome = await deliver(item, before, gate, signal)
          if (outcome) fail(outcome)
        },
        limits() {
          if (failure || signal.aborted) return undefined
          return failures > 0 ? limits : { ...limits, atOnce: destination.value.atOnce, ahead: readAhead }
        },
        onNews: look => watch(outbox.summary, look, done.signal),
      },
      after,
    )
    done.abort()
    keepCount()
    return failure
  }

  function nextItem(last: OutboxItem | undefined): OutboxItem | undefined {
    const item = outbox.next(last)
    // Whoever trusted the sum would look for the item for ever.
    if (!item && !last && outbox.summary.value.items > 0) throw new AppError('STORE_DAMAGED')
    return item
  }

  async function deliver(
    item: OutboxItem,
    before: OutboxItem | undefined,
    { leave, pass }: Gate,
    signal: AbortSignal,
  ): Promise<Failure | undefined> {
    try {
      {
        await using sealed = await outbox.open(item)
        if (!(await leave)) return undefined
        await destination.value.put(item.key, sealed, signal)
      }
      pass()
      await outbox.remove(item)
    } catch (error) {
      if (signal.aborted) return undefined
      const found = toProblem(error)
      // Set aside, it is done with. Still there, it is the index that is damaged, and that has to be repaired first.
      if (found.code !== 'STORE_DAMAGED' || isStillThere(item, before)) return noteFailure(item, error)
      log({ event: 'item-quarantined', ...found })
      return undefined
    }
    failures = 0
    problem.value = undefined
    countDelivery()
    return undefined
  }

  function isSomethingBehind(item: OutboxItem): boolean {
    try {
      return outbox.next(item) !== undefined
    } catch {
      // The try itself will say what is wrong with the index.
      return false
    }
  }

  function isStillThere(item: OutboxItem, before: OutboxItem | undefined): boolean {
    try {
      return outbox.next(before)?.key === item.key
    } catch {
      return true
    }
  }

  function noteFailure(item: OutboxItem | undefined, error: unknown): Failure {
    const found = toProblem(error)
    // A drive that is away for a week is one line and not sixty thousand.
    if (!isSame(problem.value, found)) log({ event: 'delivery-failed', ...found })
    problem.value = found
    return {
      problem: found,
      item,
      limits: { ...retryLimits(found.code), retryAfterMs: retryAfterMsOf(error) },
    }
  }

  function countDelivery(): void {
    const count = (delivered.value?.count ?? 0) + 1
    delivered.value = { count, last: isoOf(clock.now()) }
    if (clock.monotonicMs() - keptAtMs >= keepEveryMs) keepCount()
  }

  function keepCount(): void {
    try {
      memory.set('delivered', delivered.value)
      keptAtMs = clock.monotonicMs()
    } catch (error) {
      // The items have arrived all the same. The next ones are counted together with these.
      log({ event: 'delivery-not-counted', ...toProblem(error) })
    }
  }

  /**
   * A new destination is worth a try at once, and so is a network that is back: but not before a server wants it. What
   * is new is not left waiting for the end of a long back-off either, so that a minute after the trouble ended
   * everything goes on; that is at most two tries a minute.
   */
  async function waitForNextTry(attempt: number, limits: BackoffLimits, outer: AbortSignal): Promise<void> {
    const waitMs = backoffMs(attempt, random(), limits)
    nextTry.value = isoOf(clock.now().add({ milliseconds: waitMs }))
    using change = signalUntilChange([destination], outer)
    const back = new AbortController()
    const fresh = new AbortController()
    const over = new AbortController()
    const watched = AbortSignal.any([change.signal, over.signal])
    if (limits.retryAfterMs === undefined) {
      if (destination.value.kind === 's3') network.watch(() => back.abort(), watched)
      watchForNewItems(() => fresh.abort(), watched)
    }
    const soonest = Math.min(waitMs, shortestWaitMs)
    const notForNew = Math.min(waitMs, Math.round(shortestForNewMs * (1 + random())))
    const early = AbortSignal.any([change.signal, back.signal])
    const sleep = (ms: number, signal: AbortSignal) => unlessAborted(clock.sleep(ms, signal), signal)
    await sleep(soonest, change.signal)
    await sleep(Math.max(0, notForNew - soonest), early)
    const any = AbortSignal.any([early, fresh.signal])
    await sleep(Math.max(0, waitMs - Math.max(soonest, notForNew)), any)
    over.abort()
    nextTry.value = undefined
  }

  function watchForNewItems(onNew: () => void, signal: AbortSignal): void {
    let { items } = outbox.summary.value
    watch(
      outbox.summary,
      summary => {
        if (summary.items > items) onNew()
        items = summary.items
      },
      signal,
    )
  }

  async function pause(ms: number, outer: AbortSignal): Promise<void> {
    using change = signalUntilChange([destination], outer)
    await unlessAborted(clock.sleep(ms, change.signal), change.signal)
  }
}

function isSame(known: Problem | undefined, found: Problem): boolean {
  return known?.code === found.code && known.detail === found.detail
}
