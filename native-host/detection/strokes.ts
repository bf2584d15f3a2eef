import type { InputEvent } from '../input/input-event.ts'

/**
 * One movement of the pointer from a rest to a rest: what a hand does as one. The arrays hold one entry for each step
 * that went anywhere, are `steps` long, and belong to the next stroke as soon as this one was looked at.
 */
export type Stroke = {
  /** Milliseconds: when the first and the last step of it arrived. */
  readonly from: number
  readonly to: number
  /** Milliseconds without a movement before it; `Infinity` before the first one. */
  readonly pauseMs: number
  readonly steps: number
  readonly dx: Float64Array
  readonly dy: Float64Array
  readonly length: Float64Array
  /** Milliseconds since the step before, NaN for a first step after a rest: its beginning is unknown. */
  readonly interval: Float64Array
  /** The way that the pointer went, and the way from the first to the last place, in pixels. */
  readonly path: number
  readonly netX: number
  readonly netY: number
}

/** A rest of this length ends a stroke. Remote desktops report every 110 ms, the slowest tools every 55 to 140 ms. */
export const restMs = 250
/** A longer one is cut: a verdict need not wait for it to end, and memory is bounded. */
const longestMs = 2000
const mostSteps = 4096
/** Room to begin with: hardly any stroke is longer, and a recording may be of thousands of sittings. */
const usualSteps = 256

/** Cuts a stream of events into strokes. Each event costs the same, however long the stream is. */
export function createStrokes() {
  let dx = new Float64Array(usualSteps)
  let dy = new Float64Array(usualSteps)
  let length = new Float64Array(usualSteps)
  let interval = new Float64Array(usualSteps)
  let steps = 0
  let from = 0
  let pauseMs = Number.POSITIVE_INFINITY
  let path = 0
  let netX = 0
  let netY = 0
  let x = Number.NaN
  let y = Number.NaN
  let lastAt = Number.NEGATIVE_INFINITY

  return {
    /** The stroke that ends where this event begins something else. Look at it before adding the event. */
    endedBy(event: InputEvent): Stroke | undefined {
      if (steps === 0) return undefined
      const rested = event.at - lastAt > restMs
      const tooLong = steps === mostSteps || event.at - from > longestMs
      return event.kind !== 'move' || rested || tooLong ? end() : undefined
    },

    add(event: InputEvent & { kind: 'move' }): void {
      step(event)
    },

    /** Moves the pointer without judging how: a stroke in progress is discarded. */
    follow(event: InputEvent & { kind: 'move' }): void {
      steps = 0
      x = event.x
      y = event.y
      lastAt = event.at
    },

    /** Ends the stroke that nothing was added to for a while. */
    settle(now: number): Stroke | undefined {
      return now - lastAt > restMs ? end() : undefined
    },
  }

  function end(): Stroke | undefined {
    if (steps === 0) return undefined
    const stroke = { from, to: lastAt, pauseMs, steps, dx, dy, length, interval, path, netX, netY }
    steps = 0
    return stroke
  }

  function step(event: InputEvent & { kind: 'move' }): void {
    const stepX = event.x - x
    const stepY = event.y - y
    const sinceLast = event.at - lastAt
    x = event.x
    y = event.y
    // The first place of all, and a report that goes nowhere, are no steps.
    if (Number.isNaN(stepX) || (stepX === 0 && stepY === 0)) {
      if (Number.isNaN(stepX)) lastAt = event.at
      return
    }
    if (steps === 0) {
      from = event.at
      pauseMs = sinceLast
      path = netX = netY = 0
    }
    if (steps === dx.length) makeRoom()
    const stepLength = Math.sqrt(stepX * stepX + stepY * stepY)
    dx[steps] = stepX
    dy[steps] = stepY
    length[steps] = stepLength
    interval[steps] = sinceLast > restMs ? Number.NaN : sinceLast
    steps++
    path += stepLength
    netX += stepX
    netY += stepY
    lastAt = event.at
  }

  function makeRoom(): void {
    dx = twiceAsLong(dx)
    dy = twiceAsLong(dy)
    length = twiceAsLong(length)
    interval = twiceAsLong(interval)
  }
}

function twiceAsLong(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * column.length)
  longer.set(column)
  return longer
}
