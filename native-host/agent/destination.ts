import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { chooseDestination, type DeliveryWorld, prepareDestination } from '../adapters/destination/choose.ts'
import { isSameBucket } from '../adapters/destination/s3/settings.ts'
import type { DeliveryFacts, Destination } from '../delivery/ports.ts'
import type { Log, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, watch } from '../kernel/signals.ts'

/**
 * Where the settings say that objects go: a new destination for every change of that, while other settings leave its
 * connections alone. Belongs to the agent's root.
 */
export async function followDestination(
  { settings, world, memory, log }: Parts,
  signal: AbortSignal,
): Promise<ReadonlySignal<Destination>> {
  // A folder may have been chosen while no tracker was running.
  await prepare(memory.get('folder') === settings.value.folder ? 'started' : 'chosen')
  const destination = createSignal(chooseDestination(settings.value, world))
  let known = settings.value
  watch(
    settings,
    async changed => {
      const same = changed.folder === known.folder && isSameBucket(changed, known)
      known = changed
      if (same) return
      await prepare('chosen')
      destination.value = chooseDestination(settings.value, world)
    },
    signal,
  )
  return destination

  /** What cannot be prepared shows itself at the first delivery, with the same code, and is tried again. */
  async function prepare(occasion: 'chosen' | 'started'): Promise<void> {
    const { folder, bucket_name } = settings.value
    try {
      await prepareDestination(settings.value, world, occasion)
      if (bucket_name === '') memory.set('folder', folder)
    } catch (error) {
      log({ event: 'destination-not-prepared', ...toProblem(error) })
    }
  }
}

type Parts = {
  settings: ReadonlySignal<Settings>
  world: DeliveryWorld
  memory: Memory<DeliveryFacts>
  log: Log
}
