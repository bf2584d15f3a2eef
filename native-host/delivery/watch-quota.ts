import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { signalUntilChange } from '../kernel/lifetime.ts'
import type { Log } from '../kernel/ports.ts'
import { computed, type ReadonlySignal } from '../kernel/signals.ts'
import { outboxIsFull } from './outbox-quota.ts'
import type { Outbox } from './ports.ts'

type Ports = { outbox: Pick<Outbox, 'summary'>; settings: ReadonlySignal<Settings>; log: Log }

type Blocking = {
  obstacle: ReadonlySignal<Problem | undefined>
  block(problem: Problem): void
  unblock(): void
}

/**
 * Stops recording while the outbox is at the limit that the person set, and resumes it once there is room.
 * Items in the outbox stay there: a limit is no reason to lose anything. Runs until `signal` aborts.
 */
export async function watchQuota(ports: Ports, control: Blocking, signal: AbortSignal): Promise<void> {
  const { outbox, settings, log } = ports
  const limit = computed(() => settings.value.outbox_limit)
  const isFull = () => outboxIsFull(outbox.summary.value.bytes, limit.value, !!control.obstacle.value)
  const full = computed(isFull)
  while (!signal.aborted) {
    try {
      if (full.value) control.block({ code: 'OUTBOX_FULL', detail: `${limit.value} GB` })
      else control.unblock()
    } catch (error) {
      // The record of it could not be stored; recording has stopped or goes on all the same.
      log({ event: 'quota-not-recorded', ...toProblem(error) })
    }
    using change = signalUntilChange([full, limit], signal)
    await changed(change.signal)
  }
}

const changed = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
