import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { batteryVerdict } from '../core/battery-rule.ts'
import type { ReadonlyCell } from '../core/cell.ts'
import { isoOf } from '../core/instants.ts'
import { signalUntilChange, unlessAborted } from '../core/lifetime.ts'
import type { Clock, Log, Power } from '../ports.ts'

type Ports = { power: Power; clock: Clock; settings: ReadonlyCell<Settings>; log: Log }

type Suspending = {
  suspension: ReadonlyCell<unknown>
  suspend(suspension: { since: string; reason: 'low-battery'; detail: string }): void
  unsuspend(): void
}

const lookMs = 30_000

/** Suspends tracking on a low battery and ends the suspension when power is back. Runs until `signal` aborts. */
export async function watchPower(ports: Ports, steering: Suspending, signal: AbortSignal): Promise<void> {
  const { power, clock, settings, log } = ports
  while (!signal.aborted) {
    try {
      const battery = await power.battery()
      const suspended = steering.suspension.value !== undefined
      const low = batteryVerdict(battery, settings.value.battery_threshold, suspended)
      if (low && battery) {
        const detail = `${battery.percent} % left, resumes when it charges`
        steering.suspend({ since: isoOf(clock.now()), reason: 'low-battery', detail })
      } else if (suspended) steering.unsuspend()
    } catch (error) {
      // A battery that cannot be read, or a journal that is full, must not end the watch.
      log({ event: 'power-watch-failed', ...toProblem(error) })
    }
    using change = signalUntilChange([settings], signal)
    await unlessAborted(clock.sleep(lookMs, change.signal), change.signal)
  }
}
