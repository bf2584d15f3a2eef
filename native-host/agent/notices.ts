import type { Problem } from '../../protocol/errors.ts'
import type { Activity } from '../activity/track-activity.ts'
import { computed, type ReadonlySignal } from '../kernel/signals.ts'
import type { PowerWatch } from '../power/watch-power.ts'

type Parts = {
  /** What was wrong with what is stored when it was opened. */
  atStart: readonly Problem[]
  keys: ReadonlySignal<Problem | undefined>
  time: ReadonlySignal<Problem | undefined>
  activity: Pick<Activity, 'recordings'>
  power: Pick<PowerWatch, 'battery'>
}

/** What the person is to know although tracking goes on. */
export function createNotices({
  atStart,
  keys,
  time,
  activity,
  power,
}: Parts): ReadonlySignal<readonly Problem[]> {
  return computed(() => [
    ...atStart,
    ...(keys.value ? [keys.value] : []),
    ...(time.value ? [time.value] : []),
    ...(activity.recordings.value.size > 0 ? [{ code: 'INPUT_RECORDED' } as const] : []),
    ...(power.battery.value === 'unreadable' ? [{ code: 'BATTERY_UNREADABLE' } as const] : []),
  ])
}
