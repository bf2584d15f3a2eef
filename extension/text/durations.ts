import { text } from './catalogue.ts'

/** Durations as people say them. Instants are formatted in instants.ts. */

/** `42 s`, `5 min`, `1 min 30 s`, `5 h 12 min`: the two largest units that are not zero, without rounding up. */
export function describeSeconds(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), text.units.hours],
    [Math.floor((seconds % 3600) / 60), text.units.minutes],
    [Math.floor(seconds % 60), text.units.seconds],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return text.units.seconds(0)
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, inUnit]) => inUnit(amount))
    .join(' ')
}

/** For totals of a day, in which seconds are noise once there are minutes: `42 s`, `12 min`, `5 h 12 min`. */
export function describeTotal(seconds: number): string {
  return describeSeconds(seconds < 60 ? seconds : seconds - (seconds % 60))
}

/** `just now`, `4 s ago`, `3 min ago`, `2 h ago`, `3 days ago`. A clock that was set back gives `just now`. */
export function describeAge(ms: number): string {
  return ms < 1000 ? text.when.justNow : text.when.ago(coarse(ms))
}

/**
 * `now`, `in 40 s`, `in 5 min`: a wait is rounded up, so that nothing comes later than said. The clock of a page is up
 * to a second behind, which must not turn a fresh 5 min into 6.
 */
export function describeWait(ms: number): string {
  if (ms <= 0) return text.when.now
  const seconds = Math.ceil(ms / 1000)
  return text.when.in(coarse(seconds < 60 ? seconds * 1000 : Math.ceil((seconds - 1) / 60) * 60_000))
}

function coarse(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return text.units.seconds(seconds)
  if (seconds < 3600) return text.units.minutes(Math.floor(seconds / 60))
  if (seconds < 48 * 3600) return text.units.hours(Math.floor(seconds / 3600))
  return text.units.days(Math.floor(seconds / 86_400))
}
