import { presenceKind } from '../../../../extension/model/presence-kind.ts'
import type { LaneSpan } from '../../../../protocol/day.ts'
import type { ReportDay, ReportFlag, ReportScreenshot } from '../../../../protocol/report.ts'

/** What happened on a day, one after the other. */
export type Happening = { from: string; to: string } & (
  | { kind: 'span'; span: Exclude<LaneSpan, { lane: 'active' | 'flagged' }>; amiss: boolean }
  | { kind: 'flag'; flag: ReportFlag }
  | { kind: 'zone'; zone: string }
  | { kind: 'shot'; shot: ReportScreenshot }
  | { kind: 'hidden'; hidden: 'withheld' | 'missing' }
  | { kind: 'began' }
  | { kind: 'ended' }
)

/** Shorter ones are in the picture, and would drown the others here. */
const leastIdleMs = 15 * 60_000

export function happeningsOf(day: ReportDay): Happening[] {
  const active = day.spans.filter(({ lane }) => lane === 'active')
  const [first, last] = [active[0], active.at(-1)]
  const found: Happening[] = [
    ...day.spans.flatMap(ofSpan),
    ...day.flags.map((flag): Happening => ({ ...endsOf(flag), kind: 'flag', flag })),
    ...day.zones.slice(1).map(({ zone, from }): Happening => ({ from, to: from, kind: 'zone', zone })),
    ...day.screenshots.filter(isNoteworthy).map((shot): Happening => {
      return { from: shot.at, to: shot.at, kind: 'shot', shot }
    }),
    ...(day.hidden ?? []).map((hidden): Happening => {
      return { ...endsOf(hidden), kind: 'hidden', hidden: hidden.kind }
    }),
    ...(first ? [{ from: first.from, to: first.from, kind: 'began' } as const] : []),
    ...(last ? [{ from: last.to, to: last.to, kind: 'ended' } as const] : []),
  ]
  return found.sort((a, b) => Date.parse(a.from) - Date.parse(b.from) || order(a) - order(b))
}

function ofSpan(span: LaneSpan): Happening[] {
  switch (span.lane) {
    case 'active':
    case 'flagged':
      return []
    case 'idle':
      if (Date.parse(span.to) - Date.parse(span.from) < leastIdleMs) return []
      break
    case 'paused':
    case 'gap':
      break
    default:
      throw span satisfies never
  }
  return [{ ...endsOf(span), kind: 'span', span, amiss: presenceKind(span) === 'gap' }]
}

/** Deleted, failed or missing: one that was taken, or skipped as it should be, is in the gallery. */
function isNoteworthy({ state }: ReportScreenshot): boolean {
  return state === 'deleted' || state === 'failed' || state === 'missing'
}

/** A day ends before the gap that follows. */
function order({ kind }: Happening): number {
  return kind === 'ended' ? 0 : kind === 'began' ? 2 : 1
}

function endsOf({ from, to }: { from: string; to: string }): { from: string; to: string } {
  return { from, to }
}

export type GapSum = { span: Extract<LaneSpan, { lane: 'gap' | 'paused' }>; count: number; seconds: number }

/** Gaps and pauses of several days by their cause, the longest first. */
export function gapsOf(days: readonly Pick<ReportDay, 'spans'>[]): GapSum[] {
  const spans = days.flatMap(day => day.spans).filter(span => span.lane === 'gap' || span.lane === 'paused')
  return [...Map.groupBy(spans, ({ lane, cause }) => `${lane} ${cause}`).values()]
    .flatMap(alike => {
      const [span] = alike
      const seconds = alike.reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / 1000, 0)
      return span ? [{ span, count: alike.length, seconds: Math.round(seconds) }] : []
    })
    .sort((a, b) => b.seconds - a.seconds)
}
