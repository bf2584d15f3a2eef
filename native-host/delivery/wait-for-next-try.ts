import { type BackoffLimits, backoffMs } from '../kernel/backoff.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import type { Network } from '../network/ports.ts'
import type { Destination, Outbox } from './ports.ts'

type Ports = {
  outbox: Pick<Outbox, 'summary'>
  destination: ReadonlySignal<Destination>
  network: Network
  clock: Clock
  random: () => number
}

/** A network that comes and goes is no reason for more than one try a second. */
const shortestWaitMs = 1000
/** Until between this and twice this time after a failure, a new item is no reason to try again. */
const shortestForNewMs = 20_000

/**
 * A new destination causes a try at once, and so does a returned network, but not before the time that a
 * server stated. A new item does not wait for the end of a long back-off either, so that delivery resumes
 * within a minute after the problem ended; that is at most two tries a minute.
 */
export async function waitForNextTry(
  { outbox, destination, network, clock, random }: Ports,
  nextTry: Signal<string | undefined>,
  failed: { attempt: number; limits: BackoffLimits },
  outer: AbortSignal,
): Promise<void> {
  const waitMs = backoffMs(failed.attempt, random(), failed.limits)
  nextTry.value = isoOf(clock.now().add({ milliseconds: waitMs }))
  using change = signalUntilChange([destination], outer)
  const back = new AbortController()
  const fresh = new AbortController()
  const over = new AbortController()
  const watched = AbortSignal.any([change.signal, over.signal])
  if (failed.limits.retryAfterMs === undefined) {
    if (destination.value.kind === 's3') network.watch(() => back.abort(), watched)
    watchForNewItems(outbox.summary, () => fresh.abort(), watched)
  }
  const soonest = Math.min(waitMs, shortestWaitMs)
  const notForNew = Math.min(waitMs, Math.round(shortestForNewMs * (1 + random())))
  const early = AbortSignal.any([change.signal, back.signal])
  const any = AbortSignal.any([early, fresh.signal])
  await sleepUntilAborted(soonest, clock, change.signal)
  await sleepUntilAborted(Math.max(0, notForNew - soonest), clock, early)
  await sleepUntilAborted(Math.max(0, waitMs - Math.max(soonest, notForNew)), clock, any)
  over.abort()
  nextTry.value = undefined
}

function watchForNewItems(summary: Outbox['summary'], onNew: () => void, signal: AbortSignal): void {
  let { items } = summary.value
  watch(
    summary,
    now => {
      if (now.items > items) onNew()
      items = now.items
    },
    signal,
  )
}
