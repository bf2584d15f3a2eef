import type { AgentMessage } from '../../protocol/messages.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { unlessAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { type ReadonlySignal, watch } from '../kernel/signals.ts'
import type { Client, ClientRegistry } from './registry.ts'

type Ports = {
  registry: Pick<ClientRegistry, 'all'>
  clock: Clock
  settings: ReadonlySignal<Settings>
  status: () => Status
  /** Changes with the state, the saved counts or the queue. */
  saved: ReadonlySignal<unknown>
  /** Changes with every count. */
  counted: ReadonlySignal<unknown>
}

/** Counts are pushed at most once in this time, so that typing costs next to nothing. */
const livePauseMs = 1000
const savedPauseMs = 100

/** Sends settings and status to every client that subscribed, after each change, until `signal` aborts. */
export async function pushStatus(ports: Ports, signal: AbortSignal): Promise<void> {
  const { registry, clock, settings, status } = ports
  const subscribed = () => [...registry.all()].filter(({ subscription }) => subscription !== 'none')
  const live = () => subscribed().filter(({ subscription }) => subscription === 'live')
  const send = (clients: readonly Client[], message: () => AgentMessage) => {
    if (clients.length === 0) return
    const same = message()
    for (const { channel } of clients) channel.send(same)
  }
  const statusMessage = () => ({ type: 'status', status: status() }) as const
  watch(settings, current => send(subscribed(), () => ({ type: 'settings', settings: current })), signal)
  await Promise.all([
    pushOnChange(
      { source: ports.saved, pauseMs: savedPauseMs, clock },
      () => send(subscribed(), statusMessage),
      signal,
    ),
    pushOnChange(
      { source: ports.counted, pauseMs: livePauseMs, clock },
      () => send(live(), statusMessage),
      signal,
    ),
  ])
}

/** Pushes after a change, and again after the pause if there was another: the last change is never missed. */
async function pushOnChange(
  { source, pauseMs, clock }: { source: ReadonlySignal<unknown>; pauseMs: number; clock: Clock },
  push: () => void,
  signal: AbortSignal,
): Promise<void> {
  let changed = Promise.withResolvers<void>()
  watch(source, () => changed.resolve(), signal)
  signal.addEventListener('abort', () => changed.resolve(), { once: true })
  while (!signal.aborted) {
    await changed.promise
    changed = Promise.withResolvers<void>()
    if (signal.aborted) return
    push()
    await unlessAborted(clock.sleep(pauseMs, signal), signal)
  }
}
