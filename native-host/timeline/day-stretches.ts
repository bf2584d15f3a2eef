import { budgets } from '../kernel/budgets.ts'

/** The time of a date in milliseconds of the wall clock: in one zone, or in several in turn. */
export type Stretch = { zone: string; from: number; to: number }

/** Follows in which zone the computer was, and since when. */
export function createZonePeriods() {
  let periods: { zone: string; from: number }[] = []

  return {
    note(zone: string, wallMs: number): void {
      if (periods.at(-1)?.zone !== zone) periods.push({ zone, from: wallMs })
    },

    /**
     * The parts of the date, in their order. Before the first record it was as then, and `zone` is what it is now. A
     * flight to the west over midnight comes back to a date that was over; a flight to the east may leave hours out.
     */
    stretchesOf(date: string, zone: string, now: Temporal.Instant): Stretch[] {
      const known =
        periods.at(-1)?.zone === zone ? periods : [...periods, { zone, from: now.epochMilliseconds }]
      const stretches = known.map((period, index) => {
        const day = boundsOf(date, period.zone)
        const from = index === 0 ? Number.NEGATIVE_INFINITY : period.from
        const to = known[index + 1]?.from ?? Number.POSITIVE_INFINITY
        return { zone: period.zone, from: Math.max(from, day.from), to: Math.min(to, day.to) }
      })
      return stretches.filter(({ from, to }) => from < to).slice(-budgets.dayZones.most)
    },

    forget(beforeMs: number): void {
      periods = periods.filter(
        (_, index) => (periods[index + 1]?.from ?? Number.POSITIVE_INFINITY) > beforeMs,
      )
    },
  }
}

function boundsOf(date: string, zone: string): { from: number; to: number } {
  const begun = Temporal.PlainDate.from(date).toZonedDateTime(zone)
  return { from: begun.epochMilliseconds, to: begun.add({ days: 1 }).startOfDay().epochMilliseconds }
}
