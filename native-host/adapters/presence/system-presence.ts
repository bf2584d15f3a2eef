import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '../../kernel/backoff.ts'
import { type Bus, busAddresses, openBus } from '../../platform/dbus/session-bus.ts'
import { waylandSocket } from '../../platform/wayland/messages.ts'
import type { PresenceSources } from '../../presence/ports.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'
import { keptAwake } from './kept-awake.ts'
import { watchLogind } from './logind.ts'
import { watchMutter } from './mutter-idle.ts'
import { watchScreenSavers } from './screen-savers.ts'
import { watchWayland } from './wayland-idle.ts'
import { watchX } from './x-idle.ts'

type Source = PresenceReport['source']
type Watch = (onReport: (sign: PresenceReport) => void, signal: AbortSignal) => Promise<void>

/**
 * Under Wayland this is all that is known of the activity, second by second. On X input is counted anyway; a pause
 * between two words need not wake the agent.
 */
const stillMs = { wayland: 1000, x: 5000 }

/** A source that is absent now may come, as a screen saver or a compositor that is restarted. */
const tryAgain = { firstMs: 2000, longestMs: 60_000 }

/** The presence sources of this system. On macOS and Windows there is only input. */
export function systemPresence(env: NodeJS.ProcessEnv): PresenceSources {
  return {
    async watch(onReport, signal) {
      if (process.platform !== 'linux') return
      await Promise.all(
        watchesOf(env).map(([source, watch]) => keepWatching(source, watch, onReport, signal)),
      )
    },
    keptAwake: async () => process.platform === 'linux' && keptAwake(env),
  }
}

function watchesOf(env: NodeJS.ProcessEnv): [Source, Watch][] {
  const { session, system } = busAddresses(env)
  const wayland = waylandSocket(env)
  const { DISPLAY: x } = env
  const watches: [Source, Watch | '' | undefined][] = [
    ['logind', system && onBus(system, (bus, onReport) => watchLogind(bus, onReport, env))],
    ['screensaver', session && onBus(session, watchScreenSavers)],
    ['wayland', wayland && ((onReport, signal) => watchWayland(wayland, onReport, stillMs.wayland, signal))],
    [
      'mutter',
      wayland && session && onBus(session, (bus, onReport) => watchMutter(bus, onReport, stillMs.wayland)),
    ],
    // The X server of a Wayland session sees only what its own windows get.
    ['x', !wayland && x ? (onReport, signal) => watchX(x, onReport, stillMs.x, signal) : undefined],
  ]
  return watches.filter((row): row is [Source, Watch] => Boolean(row[1]))
}

function onBus(
  address: string,
  watch: (bus: Bus, onReport: (sign: PresenceReport) => void) => Promise<void>,
): Watch {
  return async (onReport, signal) => {
    using bus = await openBus(address, signal)
    await watch(bus, onReport)
  }
}

async function keepWatching(
  source: Source,
  watch: Watch,
  onReport: (sign: PresenceReport) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    let told = false
    try {
      await watch(sign => {
        told = true
        if (!signal.aborted) onReport(sign)
      }, signal)
    } catch {
      // It is not there, or not any more.
    }
    if (signal.aborted) return
    if (told) {
      onReport({ kind: 'gone', source })
      failures = 0
    }
    await sleep(backoffMs(failures, Math.random(), tryAgain), undefined, { signal }).catch(() => undefined)
  }
}
