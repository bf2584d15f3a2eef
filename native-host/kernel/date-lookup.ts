/** Gives the local date of instants. Those of one history lie close together, so that it remembers the last date. */
export function createDateLookup(): (ms: number, zone: string) => string {
  let last: { zone: string; date: string; from: number; to: number } | undefined
  return (ms, zone) => {
    if (last && last.zone === zone && last.from <= ms && ms < last.to) return last.date
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
    const begun = local.startOfDay()
    const date = local.toPlainDate().toString()
    last = {
      ...{ zone, date, from: begun.epochMilliseconds },
      to: begun.add({ days: 1 }).startOfDay().epochMilliseconds,
    }
    return date
  }
}
