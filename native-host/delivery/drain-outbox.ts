import type { Problem } from '../../protocol/errors.ts'
import type { WaitReason } from '../../protocol/status.ts'
import { signalUntilChange, sleepUntilAborted, untilOrAborted } from '../kernel/lifetime.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { Network } from '../network/ports.ts'
import { type Deliveries, deliverInOrder, type Failure } from './deliver-in-order.ts'
import type { DeliveryFacts, Destination, Outbox, OutboxItem } from './ports.ts'
import { mayBeOfTheItem } from './retry-limits.ts'
import { waitForNextTry } from './wait-for-next-try.ts'

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
  /** Why deliveries fail; undefined while they succeed. */
  problem: ReadonlySignal<Problem | undefined>
  /** Why no delivery is tried, which is no failure. */
  waiting: ReadonlySignal<WaitReason | undefined>
  nextTry: ReadonlySignal<string | undefined>
  delivered: ReadonlySignal<DeliveryFacts['delivered'] | undefined>
  /** Delivers all that it can right now, without waiting. Only once `run` has ended. */
  drainNow(signal: AbortSignal): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

type State = Deliveries & {
  waiting: Signal<WaitReason | undefined>
  nextTry: Signal<string | undefined>
}

/** How often it is checked whether uploads have to wait, while there is something to upload. */
const holdLookMs = 30_000

export function drainOutbox(ports: Ports): Drain {
  const state: State = {
    problem: createSignal<Problem | undefined>(undefined),
    waiting: createSignal<WaitReason | undefined>(undefined),
    nextTry: createSignal<string | undefined>(undefined),
    delivered: createSignal(ports.memory.get('delivered')),
    failures: 0,
    keptAtMs: Number.NEGATIVE_INFINITY,
  }
  const { problem, waiting, nextTry, delivered } = state
  return {
    problem,
    waiting,
    nextTry,
    delivered,
    async drainNow(signal) {
      if (!(await ports.hold())) await deliverInOrder(ports, state, undefined, signal)
    },
    run: signal => drain(ports, state, signal),
  }
}

async function drain(ports: Ports, state: State, signal: AbortSignal): Promise<void> {
  const { outbox, hold } = ports
  let failed: OutboxItem | undefined
  while (!signal.aborted) {
    await untilOrAborted(outbox.summary, summary => summary.items > 0, signal)
    state.waiting.value = signal.aborted ? undefined : await hold()
    if (signal.aborted) return
    if (state.waiting.value) {
      await pause(ports, signal)
      continue
    }
    const failure = await deliverWhileAllowed(ports, state, passOver(outbox, state, failed), signal)
    failed = failure?.item
    if (failure && !signal.aborted) {
      const { limits } = failure
      await waitForNextTry(ports, state.nextTry, { attempt: state.failures - 1, limits }, signal)
    }
    if (outbox.summary.value.items === 0) state.problem.value = undefined
  }
}

async function pause({ clock, destination }: Ports, outer: AbortSignal): Promise<void> {
  using change = signalUntilChange([destination], outer)
  await sleepUntilAborted(holdLookMs, clock, change.signal)
}

/**
 * The item behind which the next try begins. A server may refuse one item only, such as one that is too large for a
 * proxy. It is tried again and again, but every second try goes to a later item to test whether others pass.
 */
function passOver(
  outbox: Outbox,
  { failures, problem }: State,
  failed: OutboxItem | undefined,
): OutboxItem | undefined {
  const turn = failures >= 3 && failures % 2 === 1
  const itsOwn = turn && problem.value !== undefined && mayBeOfTheItem(problem.value.code)
  return itsOwn && failed && isSomethingBehind(outbox, failed) ? failed : undefined
}

function isSomethingBehind(outbox: Outbox, item: OutboxItem): boolean {
  try {
    return outbox.next(item) !== undefined
  } catch {
    // The try itself reports the problem with the index.
    return false
  }
}

/** A new destination or a reason to wait cancels deliveries under way, which is no failure. */
async function deliverWhileAllowed(
  ports: Ports,
  state: State,
  after: OutboxItem | undefined,
  outer: AbortSignal,
): Promise<Failure | undefined> {
  using change = signalUntilChange([ports.destination], outer)
  const ended = new AbortController()
  const signal = AbortSignal.any([change.signal, ended.signal])
  const watching = abortWhenHeld(ports, ended, signal)
  try {
    return await deliverInOrder(ports, state, after, signal)
  } finally {
    ended.abort()
    await watching
  }
}

async function abortWhenHeld(
  { clock, hold }: Ports,
  ended: AbortController,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleepUntilAborted(holdLookMs, clock, signal)
    if (!signal.aborted && (await hold())) ended.abort()
  }
}
