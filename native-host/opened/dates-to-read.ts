import { daysShown } from '../../protocol/status.ts'
import type { WantedDays } from './ports.ts'

/** Both included. */
export type DateRange = { from: string; to: string }

/** The dates that are shown: one, or Monday to Sunday. */
export function wantedRange({ date, span }: WantedDays): DateRange {
  if (span === 'day') return { from: date, to: date }
  const day = Temporal.PlainDate.from(date)
  const from = day.subtract({ days: day.dayOfWeek - 1 })
  return { from: from.toString(), to: from.add({ days: 6 }).toString() }
}

/**
 * Which dates in UTC have to be read for them. A local date touches the one before and the one after. What was paused or
 * ended before is said by the last date with anything; and a verdict may be withdrawn for a week.
 * @param known in their order
 */
export function datesToRead(known: readonly string[], { from, to }: DateRange): string[] {
  const [first, last] = [shift(from, -1), shift(to, daysShown + 1)]
  const before = known.filter(date => date < first).at(-1)
  const within = known.filter(date => date >= first && date <= last)
  const after = known.find(date => date > last)
  const hasEnd = within.some(date => date > shift(to, 1))
  return [
    ...(before === undefined ? [] : [before]),
    ...within,
    // What ended the last stretch, such as a computer that was off for a month, is said when it goes on.
    ...(hasEnd || after === undefined ? [] : [after]),
  ]
}

/** Until which date in UTC screenshots of the wanted dates may lie. */
export function lastOfPictures({ to }: DateRange): string {
  return shift(to, 1)
}

function shift(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}
