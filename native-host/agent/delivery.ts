import type { DeliveryWorld } from '../adapters/destination/choose.ts'
import { findProxyLogin, openCredentials } from '../adapters/destination/credentials/credential-source.ts'
import { rememberedDialects } from '../adapters/destination/s3/dialect.ts'
import { systemNetwork } from '../adapters/network/system-network.ts'
import { systemPower } from '../adapters/power/system-power.ts'
import { openMultipartProgress } from '../adapters/store/multipart-sqlite.ts'
import { drainOutbox } from '../delivery/drain-outbox.ts'
import { createUploadHold } from '../delivery/hold-uploads.ts'
import { createPace } from '../delivery/pace-uploads.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import type { Places } from '../platform/files/places.ts'
import { clearAbandonedUploads } from './abandoned-uploads.ts'
import { followDestination } from './destination.ts'
import type { State } from './open-state.ts'

export type Delivery = Awaited<ReturnType<typeof composeDelivery>>

type Parts = { state: State; places: Places; clock: Clock; log: Log }

/** Where objects go and how they get there. */
export async function composeDelivery({ state, places, clock, log }: Parts, signal: AbortSignal) {
  const { settings, memory, outbox } = state
  const world: DeliveryWorld = {
    delivered: places.delivered,
    credentials: source => openCredentials(source, places.credentials),
    proxyLogin: () => findProxyLogin(places.credentials),
    uploads: openMultipartProgress(state.db),
    dialects: rememberedDialects(memory),
    pace: createPace({ settings, clock }, signal),
    env: process.env,
  }
  const destination = await followDestination({ settings, world, memory, log }, signal)
  clearAbandonedUploads({ settings, outbox, world, log }, signal)
  const network = systemNetwork
  const hold = createUploadHold({ power: systemPower, network, settings, destination, clock, log })
  const drain = drainOutbox({
    outbox,
    destination,
    memory,
    network,
    hold,
    clock,
    random: Math.random,
    log,
  })
  return { world, destination, drain }
}
