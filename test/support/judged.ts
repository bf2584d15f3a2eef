import { createDetector, type Stretch, type Strictness } from '../../native-host/detection/detector.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { append } from './synthetic-input.ts'

/** What the detector makes of a stream: its stretches, and how near each rule came to its limit. */
export function judged(events: readonly InputEvent[], strictness: Strictness = 'normal', jumpPx = 500) {
  const detector = createDetector(() => ({ strictness, jumpPx }))
  detector.observe(events)
  detector.settle((events.at(-1)?.at ?? 0) + 10_000)
  const stretches = detector.take('all')
  const levels = new Map(detector.highest().map(({ feature, level }) => [feature, level]))
  return {
    stretches,
    level: (feature: string) => levels.get(feature) ?? Number.NaN,
    said: (feature: string) => sentenceOf(stretches, feature),
  }
}

function sentenceOf(stretches: readonly Stretch[], feature: string): string | undefined {
  return stretches.flatMap(({ evidence }) => evidence).find(found => found.feature === feature)?.text
}

/** The same `times` over, with a rest between. */
export function looped(events: readonly InputEvent[], times: number, restMs: number): InputEvent[] {
  const all: InputEvent[] = []
  let at = 0
  for (let time = 0; time < times; time++) at = append(all, at, events) + restMs
  return all
}
