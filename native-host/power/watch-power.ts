import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { everyOrOnChange } from '../kernel/every.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import { batteryVerdict, describeLow } from './battery-rule.ts'
import type { Power } from './ports.ts'
import type { Battery } from './power-supplies.ts'

type Ports = { power: Power; clock: Clock; settings: ReadonlySignal<Settings>; log: Log }

/** What is known of the battery. `none`: the computer has no battery. `unknown`: it has not been read yet. */
export type BatteryState = 'unknown' | 'none' | 'unreadable' | Battery

type Suspending = {
  suspension: ReadonlySignal<unknown>
  suspend(suspension: { since: string; reason: 'low-battery'; detail: string }): void
  unsuspend(): void
}

export type PowerWatch = {
  battery: ReadonlySignal<BatteryState>
  /** Suspends tracking on a low battery and ends the suspension when power is back, until `signal` aborts. */
  run(control: Suspending, signal: AbortSignal): Promise<void>
}

const lookMs = 30_000
/** A person who plugs the computer in waits for tracking to resume. */
const lookWhileSuspendedMs = 5000

/**
 * A battery may be unreadable for a moment, as while the computer wakes up. After this many reads it counts
 * as none.
 */
const patience = 3

export function createPowerWatch({ power, clock, settings, log }: Ports): PowerWatch {
  const battery = createSignal<BatteryState>('unknown')
  let unreadable = 0

  return {
    battery,
    run(control, signal) {
      const restMs = () => (control.suspension.value === undefined ? lookMs : lookWhileSuspendedMs)
      return everyOrOnChange(restMs, [settings], () => look(control), clock, signal)
    },
  }

  async function look(control: Suspending): Promise<void> {
    try {
      const found = await read()
      if (found !== 'unreadable') act(found, control)
      // An unreadable battery does not suspend tracking.
      else if (unreadable >= patience && control.suspension.value !== undefined) control.unsuspend()
    } catch (error) {
      // A journal that is full must not end the watch.
      log({ event: 'power-watch-failed', ...toProblem(error) })
    }
  }

  async function read(): Promise<Battery | undefined | 'unreadable'> {
    try {
      const found = await power.battery()
      unreadable = 0
      battery.value = sameOr(battery.value, found ?? 'none')
      return found
    } catch (error) {
      unreadable++
      if (unreadable === 1) log({ event: 'battery-unreadable', ...toProblem(error) })
      if (unreadable >= patience) battery.value = 'unreadable'
      return 'unreadable'
    }
  }

  function act(found: Battery | undefined, control: Suspending): void {
    const { battery_threshold } = settings.value
    const suspended = control.suspension.value !== undefined
    const low = batteryVerdict(found, battery_threshold, suspended)
    if (low && found) {
      const detail = describeLow(found.percent, battery_threshold)
      control.suspend({ since: isoOf(clock.now()), reason: 'low-battery', detail })
    } else if (suspended) control.unsuspend()
  }
}

/** Returns the known value when the new one is equal, so that watchers see no change. */
function sameOr(known: BatteryState, next: BatteryState): BatteryState {
  const isSame =
    typeof known === 'object' &&
    typeof next === 'object' &&
    known.percent === next.percent &&
    known.discharging === next.discharging
  return isSame ? known : next
}

/** Whether to save power: the computer is unplugged, and the person has not said that it should not matter. */
export function savingPower(watch: PowerWatch, settings: ReadonlySignal<Settings>): ReadonlySignal<boolean> {
  return computed(() => {
    const battery = watch.battery.value
    return settings.value.save_on_battery && typeof battery === 'object' && battery.discharging
  })
}
