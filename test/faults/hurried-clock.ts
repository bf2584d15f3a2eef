import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import type { Clock } from '../../native-host/kernel/ports.ts'

/** A clock on which waiting is a thousand times as short, so that hours of failures fit into seconds. */
export const hurriedClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 1000, signal),
}
