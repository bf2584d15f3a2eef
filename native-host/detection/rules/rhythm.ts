import { evidence, type Rule, seconds } from './rule.ts'

/** Below half a second people can keep a beat, such as by a double click. */
const shortestMs = 500
const tolerance = 0.02
/** What follows sooner on a click, a key or a step of the wheel belongs to it. */
const silenceMs = 1000
/** Somebody who turns pages is punctual twice in a row, and whoever comes back after a while hardly ever. */
const byChance = 2
const longMs = 5000

/** Movements that begin at equal intervals, or clicks, keys and steps of the wheel. People came to four in a row. */
export function rhythm(): Rule {
  const strokes = createBeat()
  const presses = createBeat()
  let lastPressAt = Number.NEGATIVE_INFINITY
  /** What the presses in a row have added: it is taken back when they fall out of time. */
  let gained = 0
  let told = { what: '', beats: 0, intervalMs: 0 }

  return {
    onStroke(stroke, add) {
      if (stroke.pauseMs < 250) return
      const beat = strokes.next(stroke.from)
      if (!beat) return
      if (beat.beats > 0) told = { what: 'movements', ...beat }
      add(beat.beats > 0 ? 1 : -1, stroke.from - beat.intervalMs, stroke.to)
    },
    onEvent(event, add) {
      if (event.kind === 'move' || event.kind === 'button-up' || event.kind === 'key-up') return
      const silentMs = event.at - lastPressAt
      lastPressAt = event.at
      if (silentMs < silenceMs) return
      const { beats, intervalMs } = presses.next(event.at) ?? { beats: 0, intervalMs: 0 }
      if (beats <= byChance) {
        if (gained > 0) add(-gained, event.at, event.at)
        gained = 0
        return
      }
      told = { what: 'clicks, keys or wheel steps', beats, intervalMs }
      const amount = intervalMs > longMs ? 3 : 2
      gained += amount
      add(amount, event.at - beats * intervalMs, event.at)
    },
    evidence: () =>
      evidence(
        'rhythm',
        told.beats,
        `${told.beats} ${told.what} in a row began every ${seconds(told.intervalMs)}, within 2%.`,
      ),
  }
}

function createBeat() {
  let lastAt = Number.NaN
  let lastInterval = Number.NaN
  let beats = 0
  return {
    /** How many intervals in a row were like the one before; undefined when this one is too short to tell. */
    next(at: number): { beats: number; intervalMs: number } | undefined {
      const intervalMs = at - lastAt
      const isEven = Math.abs(intervalMs - lastInterval) < tolerance * lastInterval
      lastAt = at
      lastInterval = intervalMs
      if (!(intervalMs >= shortestMs)) return undefined
      beats = isEven ? beats + 1 : 0
      return { beats, intervalMs }
    },
  }
}
