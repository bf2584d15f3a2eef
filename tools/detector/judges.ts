import type { DetectorLimits, Strictness } from '../../native-host/detection/detector.ts'
import { createSessionJudge } from '../../native-host/detection/judge-session.ts'
import type { PointerWeights } from '../../native-host/detection/rules/pointer-model.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { defaultSettings } from '../../protocol/settings.ts'

export type Span = { from: number; to: number }

/** A way of finding scripts, so that ours and what it is compared with stand in one table. */
export type Judge = {
  /** What is held to be scripted. */
  spans(events: readonly InputEvent[]): Span[]
  /** When the first of it is found, in milliseconds since the first event; Infinity when nothing is within `mostMs`. */
  delayMs(events: readonly InputEvent[], mostMs: number): number
}

export function ourJudge(strictness: Strictness, weights?: PointerWeights): Judge {
  const limits: DetectorLimits = { strictness, jumpPx: defaultSettings.scripted_activity_threshold }
  return {
    spans(events) {
      const judge = createSessionJudge(limits, weights)
      for (const event of events) judge.add(event)
      return judge.end().stretches
    },
    delayMs(events, mostMs) {
      const judge = createSessionJudge(limits, weights)
      const began = events[0]?.at ?? 0
      for (const event of events) {
        if (event.at - began > mostMs) break
        judge.add(event)
        const open = judge.current()
        if (open) return open.flaggedAt - began
      }
      return Number.POSITIVE_INFINITY
    },
  }
}

/** How near each rule came to its limit. */
export function highestLevels(events: readonly InputEvent[], weights: PointerWeights) {
  const judge = createSessionJudge({ strictness: 'low', jumpPx: 500 }, weights)
  for (const event of events) judge.add(event)
  judge.end()
  return judge.highest()
}

/** A judge that knows only which minutes it does not like. */
export function minuteJudge(foundAt: () => (event: InputEvent) => boolean): Judge {
  return {
    spans(events) {
      const finds = foundAt()
      const began = events[0]?.at ?? 0
      const minutes = new Set<number>()
      for (const event of events) if (finds(event)) minutes.add(Math.floor((event.at - began) / 60_000))
      return [...minutes].map(minute => ({
        from: began + minute * 60_000,
        to: Math.min(began + (minute + 1) * 60_000, events.at(-1)?.at ?? 0),
      }))
    },
    delayMs(events, mostMs) {
      const finds = foundAt()
      const began = events[0]?.at ?? 0
      for (const event of events) {
        if (event.at - began > mostMs) break
        if (finds(event)) return event.at - began
      }
      return Number.POSITIVE_INFINITY
    },
  }
}
