import type { Status } from '../../protocol/status.ts'

/** With less, a single key would be a third of the day. */
const leastTracked = 60

/** How many percent of the tracked time there was input; undefined while there is too little to say so. */
export function activeShare(
  today: Pick<Status['today'], 'active_seconds' | 'tracked_seconds'>,
): number | undefined {
  const { active_seconds, tracked_seconds } = today
  if (tracked_seconds < leastTracked) return undefined
  // What is counted already is active before it is tracked: the interval is not over.
  return Math.min(100, Math.round((active_seconds / tracked_seconds) * 100))
}
