/**
 * What a clock on the wall shows. Without Temporal, since pages that are handed to others are also opened by browsers
 * that do not have it yet.
 */
export type WallClock = {
  /** Such as 2026-11-19. */
  date: string
  /** Of the day, 0 to 1439. */
  minute: number
  /** What the clock adds to UTC, such as +01:00. */
  offset: string
}

export function wallClock(ms: number, zone: string): WallClock {
  const shown: Record<string, number> = {}
  for (const { type, value } of formOf(zone).formatToParts(ms)) shown[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second)
  const offset = Math.round((asUtc - Math.floor(ms / 1000) * 1000) / 60_000)
  return {
    date: `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`,
    minute: hour * 60 + minute,
    offset: `${offset < 0 ? '-' : '+'}${padded(Math.floor(Math.abs(offset) / 60), 2)}:${padded(Math.abs(offset) % 60, 2)}`,
  }
}

/** Every offset from UTC is a multiple of it, so full hours of any zone lie on its steps. */
const offsetStepMs = 15 * 60_000

/** The moments of a stretch, both ends included, at which the clock showed a full hour. */
export function* fullHours(
  fromMs: number,
  toMs: number,
  zone: string,
): Generator<{ ms: number; hour: number }> {
  for (let ms = Math.ceil(fromMs / offsetStepMs) * offsetStepMs; ms <= toMs; ms += offsetStepMs) {
    const { minute } = wallClock(ms, zone)
    if (minute % 60 === 0) yield { ms, hour: minute / 60 }
  }
}

const forms = new Map<string, Intl.DateTimeFormat>()

/** Making one takes far longer than using it. */
function formOf(zone: string): Intl.DateTimeFormat {
  const known = forms.get(zone)
  if (known) return known
  const two = '2-digit'
  const form = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    ...{ timeZone: zone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
  })
  forms.set(zone, form)
  return form
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0')
}
