import { isoOfMs } from '../kernel/instants.ts'

/** In the order of the chain: a shown segment, or one that is withheld, or a hole. */
export type Stretch =
  | { kind: 'shown'; from: string; to: string }
  /** Its head says the UTC date on which it began, and nothing else of its time. */
  | { kind: 'withheld'; date: string }
  | { kind: 'missing' }

export type HiddenSpan = { kind: 'withheld' | 'missing'; from: string; to: string }

/** Without a shown record on one side. */
type Bounds = { after: number | undefined; before: number | undefined }

const dayMs = 86_400_000

/**
 * When it was that records are withheld or missing, as near as the bundle says: between the shown records around
 * them, and for withheld ones on the dates of their heads. Time in which the clock was set back has no length.
 */
export function hiddenSpans(stretches: readonly Stretch[]): HiddenSpan[] {
  return runsOf(stretches).flatMap(({ bounds, dates, isMissing }) => [
    ...[...dates].flatMap(date => clip(dayOf(date), bounds)).map(ends => span('withheld', ends)),
    ...(isMissing ? between(bounds) : []).map(ends => span('missing', ends)),
  ])
}

type Run = { bounds: Bounds; dates: Set<string>; isMissing: boolean }

/** What is hidden between two shown segments. */
function runsOf(stretches: readonly Stretch[]): Run[] {
  const runs: Run[] = []
  let run: Run = { bounds: { after: undefined, before: undefined }, dates: new Set(), isMissing: false }
  for (const stretch of stretches) {
    if (stretch.kind === 'withheld') run.dates.add(stretch.date)
    else if (stretch.kind === 'missing') run.isMissing = true
    else {
      runs.push({ ...run, bounds: { ...run.bounds, before: Date.parse(stretch.from) } })
      run = {
        bounds: { after: Date.parse(stretch.to), before: undefined },
        dates: new Set(),
        isMissing: false,
      }
    }
  }
  return [...runs, run].filter(({ dates, isMissing }) => dates.size > 0 || isMissing)
}

type Ends = { from: number; to: number }

function dayOf(date: string): Ends {
  const from = Date.parse(`${date}T00:00:00Z`)
  return { from, to: from + dayMs }
}

function clip({ from, to }: Ends, { after = from, before = to }: Bounds): Ends[] {
  const ends = { from: Math.max(from, after), to: Math.min(to, before) }
  return ends.from < ends.to ? [ends] : []
}

/** A hole at an edge has no known length. */
function between({ after, before }: Bounds): Ends[] {
  return after !== undefined && before !== undefined && after < before ? [{ from: after, to: before }] : []
}

function span(kind: HiddenSpan['kind'], { from, to }: Ends): HiddenSpan {
  return { kind, from: isoOfMs(from), to: isoOfMs(to) }
}
