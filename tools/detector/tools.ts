import type { InputEvent } from '../../native-host/input/input-event.ts'
import { append } from '../../test/support/synthetic-input.ts'
import { channelsOf } from './channels.ts'
import type { Judge } from './judges.ts'
import type { Session } from './recordings.ts'

/** Delays from a moment of a run; `spanMs`: how much of the run was left. */
export type Delay = { delayMs: number; spanMs: number }

const mostMs = 240_000
/** A reader may start at any point of a run, so each run is judged from several moments. */
const startEveryMs = 20_000
const mostStarts = 8

/** By channel: how long it takes to find each run from several moments of it. */
export function delaysOf(runs: readonly Session[], judgeOf: (run: Session) => Judge): Map<string, Delay[]> {
  const found = new Map<string, Delay[]>()
  for (const run of runs) {
    const judge = judgeOf(run)
    for (const [channel, through] of Object.entries(channelsOf(run.set))) {
      const delays = found.getOrInsertComputed(channel, () => [])
      for (const events of startsOf(through(run.events))) {
        const spanMs = (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)
        delays.push({ delayMs: judge.delayMs(events, mostMs), spanMs })
      }
    }
  }
  return found
}

/** Of the moments that were followed by as much. Runs end, so a short delay can be measured from more of them. */
export function foundWithin(delays: readonly Delay[], seconds: number): number {
  // The last event of a run of 240 s comes a little earlier.
  const long = delays.filter(({ spanMs }) => spanMs >= 950 * seconds)
  return long.filter(({ delayMs }) => delayMs <= 1000 * seconds).length / long.length
}

export function medianDelayS(delays: readonly Delay[]): number {
  const sorted = delays
    .filter(({ spanMs }) => spanMs >= mostMs / 2)
    .map(({ delayMs }) => delayMs)
    .sort((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) / 1000
}

function startsOf(events: InputEvent[]): InputEvent[][] {
  const began = events[0]?.at ?? 0
  const spanMs = (events.at(-1)?.at ?? 0) - began
  const count = Math.max(1, Math.min(mostStarts, Math.floor((spanMs - 28_000) / startEveryMs)))
  return Array.from({ length: count }, (_, start) => {
    const from = began + start * startEveryMs
    return events.slice(events.findIndex(({ at }) => at >= from))
  })
}

const splicedMs = [60_000, 180_000, 600_000]

/** A tool runs for some minutes in the middle of a person's work: how much of its time was flagged. */
export function overlapsOf(
  runs: readonly Session[],
  hosts: readonly Session[],
  judge: Judge,
): { lengthMs: number; overlap: number }[] {
  return runs.slice(0, 6).flatMap((run, index) => {
    const host = hosts[index % hosts.length]?.events ?? []
    const runMs = (run.events.at(-1)?.at ?? 0) - (run.events[0]?.at ?? 0)
    return splicedMs
      .filter(length => length === 60_000 || length < runMs * 3)
      .map(length => {
        const lengthMs = Math.min(length, runMs)
        const { events, from, to } = splice(host, run.events, lengthMs)
        const covered = judge
          .spans(events)
          .reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)
        return { lengthMs, overlap: covered / (to - from) }
      })
  })
}

function splice(host: readonly InputEvent[], tool: readonly InputEvent[], lengthMs: number) {
  const hourEnd = (host[0]?.at ?? 0) + 3_600_000
  const hour = host.filter(({ at }) => at < hourEnd)
  const middle = Math.floor(hour.length / 2)
  const events: InputEvent[] = []
  const from = append(events, 0, hour.slice(0, middle)) + 500
  const began = tool[0]?.at ?? 0
  const to = append(
    events,
    from,
    tool.filter(({ at }) => at - began < lengthMs),
  )
  append(events, to + 500, hour.slice(middle))
  return { events, from, to }
}

export type FamilyFigures = {
  family: string
  /** With a model that was fitted to other runs of the family; undefined where no model ever is. */
  known: Map<string, Delay[]> | undefined
  /** With a model that was fitted without the family. */
  unseen: Map<string, Delay[]>
  /** As `unseen`, native. */
  strictness: { low: Delay[]; high: Delay[] }
  jump: Delay[]
  six: Delay[]
  overlaps: { lengthMs: number; overlap: number }[]
}
