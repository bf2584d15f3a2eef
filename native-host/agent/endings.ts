import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { computed, type ReadonlySignal, until } from '../kernel/signals.ts'

// Belongs to the agent's root: reasons to end. The process that they end is the end of them, too.
const forever = new AbortController().signal

/** A browser that restarts or reloads its extension is back well before this. */
const lingerMs = 5000

/** Resolves some seconds after the last browser left, unless tracking is to go on without one. */
export async function untilLastBrowserLeft(
  clients: ReadonlySignal<{ browsers: number }>,
  settings: ReadonlySignal<Settings>,
): Promise<void> {
  const wanted = computed(() => settings.value.keep_tracking || clients.value.browsers > 0)
  for (;;) {
    await until(wanted, yes => !yes, forever)
    await sleep(lingerMs)
    if (!wanted.value) return
  }
}

/**
 * Resolves when the database is found damaged. It is rebuilt at a start, from its readable rows and the files of the
 * outbox, so that an agent that ends for this makes way for another.
 * @param restMs not before this
 */
export async function untilDamaged(
  problems: readonly ReadonlySignal<Problem | undefined>[],
  restMs: number,
): Promise<void> {
  await sleep(restMs, undefined, { ref: false })
  const isDamaged = () => problems.some(({ value }) => value?.code === 'STORE_DAMAGED')
  await until(computed(isDamaged), yes => yes, forever)
}
