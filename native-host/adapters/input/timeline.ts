/**
 * Converts time stamps of the system to the machine's monotonic clock, in milliseconds. X and Windows restart at 0
 * after 49.7 days, and an X server may run elsewhere.
 *
 * The smallest delay between stamp and arrival counts as none, so events keep the system's spacing and not our queue's.
 * Never goes backwards.
 */
export function createTimeline() {
  let offset: number | undefined
  let latest = Number.NEGATIVE_INFINITY

  return {
    /** @param stamp what the system says  @param now the monotonic clock on arrival */
    place(stamp: number, now: number): number {
      latest = Math.max(latest, stamp + offsetAfter(stamp, now))
      return latest
    },
    /** The clock of the stamps was read. Without it, what comes first is taken for having come at once. */
    anchor(stamp: number, now: number): void {
      offsetAfter(stamp, now)
    },
  }

  function offsetAfter(stamp: number, now: number): number {
    const candidate = now - stamp
    if (offset === undefined || candidate < offset || candidate - offset > longestDelayMs) offset = candidate
    return offset
  }
}

/** No queue is this slow: the origin has changed. */
const longestDelayMs = 60_000
