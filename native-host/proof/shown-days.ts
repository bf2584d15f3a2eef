import type { LaneSpan } from '../../protocol/day.ts'
import type { ProofBundle } from '../../protocol/proof.ts'
import { noTotals, type ReportDay } from '../../protocol/report.ts'
import { isoOfMs } from '../kernel/instants.ts'
import { createDayBuilder } from '../reader/build-days.ts'
import type { CheckedDevice } from './check-device.ts'
import { type HiddenSpan, hiddenSpans } from './hidden-time.ts'

/**
 * The days of what is shown and proven, with what is hidden. Where records are withheld or missing, the reason that the
 * others would give for a gap is none: that time is hidden, and not a gap or a pause.
 */
export function shownDays(
  { records, stretches, stateOf }: CheckedDevice,
  { from, until, made_at: madeAt }: Pick<ProofBundle, 'from' | 'until' | 'made_at'>,
): ReportDay[] {
  const builder = createDayBuilder({ from, to: until })
  for (const record of records) builder.note(record)
  const shown = builder.days(stateOf)
  const endMs = Date.parse(madeAt)
  const hidden = hiddenSpans(stretches).map(span => ({ ...span, ends: endsOf(span, endMs) }))
  const zone = records.at(-1)?.zone ?? 'UTC'
  const dates = new Set(hidden.flatMap(({ ends }) => datesBetween(ends, zone)))
  const others = [...dates]
    .filter(date => date >= from && date <= until && !shown.some(day => day.date === date))
    .map(date => emptyDay(date, zone))
  return [...shown, ...others].toSorted((a, b) => (a.date < b.date ? -1 : 1)).map(day => hideIn(day, hidden))
}

type Ends = { from: number; to: number }
type Hidden = HiddenSpan & { ends: Ends }

function endsOf({ from, to }: HiddenSpan, endMs: number): Ends {
  return { from: Date.parse(from), to: Math.min(Date.parse(to), endMs) }
}

function datesBetween({ from, to }: Ends, zone: string): string[] {
  if (from >= to) return []
  const dates: string[] = []
  const last = localDate(to - 1, zone)
  for (
    let date = localDate(from, zone);
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  )
    dates.push(date.toString())
  return dates
}

function localDate(ms: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone).toPlainDate()
}

/** A date of which no record is shown. */
function emptyDay(date: string, zone: string): ReportDay {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(zone)
  const from = isoOfMs(start.epochMilliseconds)
  const to = isoOfMs(start.add({ days: 1 }).startOfDay().epochMilliseconds)
  const nothing = { spans: [], slots: [], flags: [], screenshots: [] }
  return { date, zones: [{ zone, from, to }], totals: noTotals, ...nothing }
}

function hideIn(day: ReportDay, all: readonly Hidden[]): ReportDay {
  const whole = { from: Date.parse(day.zones[0]?.from ?? ''), to: Date.parse(day.zones.at(-1)?.to ?? '') }
  const hidden = joined(
    all.flatMap(({ kind, ends }) => clip(ends, whole).map(({ from, to }) => ({ kind, from, to }))),
  )
  if (hidden.length === 0) return day
  const spans = day.spans.flatMap(span => (isReason(span) ? without(span, hidden) : [span]))
  const lost = (lane: 'gap' | 'paused') => secondsOf(day.spans, lane) - secondsOf(spans, lane)
  return {
    ...day,
    spans,
    totals: {
      ...day.totals,
      gap: Math.max(0, day.totals.gap - lost('gap')),
      paused: Math.max(0, day.totals.paused - lost('paused')),
    },
    hidden: hidden.map(({ kind, from, to }) => ({ kind, from: isoOfMs(from), to: isoOfMs(to) })),
  }
}

/** What follows from records of before and after, and not from an interval. */
function isReason({ lane }: LaneSpan): boolean {
  return lane === 'gap' || lane === 'paused'
}

function without(span: LaneSpan, hidden: readonly Ends[]): LaneSpan[] {
  let left: Ends[] = [{ from: Date.parse(span.from), to: Date.parse(span.to) }]
  for (const { from, to } of hidden)
    left = left.flatMap(each => [
      ...clip(each, { from: Number.NEGATIVE_INFINITY, to: from }),
      ...clip(each, { from: to, to: Number.POSITIVE_INFINITY }),
    ])
  return left.map(({ from, to }) => ({ ...span, from: isoOfMs(from), to: isoOfMs(to) }))
}

function clip(ends: Ends, within: Ends): Ends[] {
  const [from, to] = [Math.max(ends.from, within.from), Math.min(ends.to, within.to)]
  return from < to ? [{ from, to }] : []
}

/** Dates of heads that follow each other are one stretch. */
function joined(spans: readonly (Ends & { kind: HiddenSpan['kind'] })[]) {
  const all: (Ends & { kind: HiddenSpan['kind'] })[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.findLast(({ kind }) => kind === span.kind)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else all.push({ ...span })
  }
  return all
}

function secondsOf(spans: readonly LaneSpan[], lane: LaneSpan['lane']): number {
  const own = spans.filter(span => span.lane === lane)
  return Math.round(own.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / 1000)
}
