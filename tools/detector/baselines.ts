import type { InputEvent } from '../../native-host/input/input-event.ts'
import { type Judge, minuteJudge } from './judges.ts'

type Finds = (event: InputEvent) => boolean

/** What the tracker did before: any step of more than 500 px. */
export const jumpRule: Judge = minuteJudge(() => {
  let last: { x: number; y: number } | undefined
  return event => {
    if (event.kind !== 'move') return false
    const length = last ? Math.hypot(event.x - last.x, event.y - last.y) : 0
    last = event
    return length > 500
  }
})

/** Six rules that need no model and no sum, as a careful reader of the literature would write them in a day. */
export const sixRules: Judge = minuteJudge(() => {
  const rules = [
    nothingButJumps(),
    unitSteps(),
    equalClicks(),
    keysNotHeld(),
    equalTyping(),
    repeatedVectors(),
  ]
  return event => rules.reduce((found, rule) => rule(event) || found, false)
})

/** Half of ten and more movements within ten seconds are over 500 px. */
function nothingButJumps(): Finds {
  const steps = ring(10)
  let last: { at: number; x: number; y: number } | undefined
  return event => {
    if (event.kind !== 'move') return false
    const length = last ? Math.hypot(event.x - last.x, event.y - last.y) : 0
    last = event
    return steps.add(length).filter(step => step > 500).length >= 5
  }
}

/** 300 steps in a row of one pixel each, at the same pace. */
function unitSteps(): Finds {
  let run = 0
  let last: { x: number; y: number; at: number } | undefined
  return event => {
    if (event.kind !== 'move') return false
    const unit = last && Math.hypot(event.x - last.x, event.y - last.y) <= 1.5 && event.at - last.at < 5
    last = event
    run = unit ? run + 1 : 0
    return run >= 300
  }
}

/** Ten clicks at intervals that vary by less than 3 %. */
function equalClicks(): Finds {
  const intervals = ring(10)
  let lastAt = Number.NaN
  return event => {
    if (event.kind !== 'button-down') return false
    const interval = event.at - lastAt
    lastAt = event.at
    return variation(intervals.add(interval)) < 0.03
  }
}

/** Twenty keys that were held for less than five milliseconds. */
function keysNotHeld(): Finds {
  const holds = ring(20)
  const pressedAt = new Map<number, number>()
  return event => {
    if (event.kind === 'key-down') pressedAt.set(event.slot, event.at)
    if (event.kind !== 'key-up') return false
    const seen = holds.add(event.at - (pressedAt.get(event.slot) ?? 0))
    return seen.length === 20 && Math.max(...seen) < 5
  }
}

/** Thirty keys at intervals that vary by less than 15 %. */
function equalTyping(): Finds {
  const intervals = ring(30)
  let lastAt = Number.NaN
  return event => {
    if (event.kind !== 'key-down') return false
    const interval = event.at - lastAt
    lastAt = event.at
    return variation(intervals.add(interval)) < 0.15
  }
}

/** Eight displacements in a row that came in the same order among the last 4096. */
function repeatedVectors(): Finds {
  const lastSeen = new Map<string, number>()
  const recent: string[] = []
  let last: { x: number; y: number } | undefined
  let count = 0
  return event => {
    if (event.kind !== 'move') return false
    const moved = last ? [event.x - last.x, event.y - last.y] : [0, 0]
    last = event
    // Small steps repeat by themselves.
    if (Math.abs(moved[0] ?? 0) + Math.abs(moved[1] ?? 0) < 4) return false
    recent.push(moved.join())
    if (recent.length > 8) recent.shift()
    count++
    const eight = recent.join(' ')
    const before = lastSeen.get(eight)
    lastSeen.set(eight, count)
    return before !== undefined && count - before < 4096 && recent.length === 8 && new Set(recent).size > 2
  }
}

function ring(size: number) {
  const values: number[] = []
  return {
    add(value: number): readonly number[] {
      values.push(value)
      if (values.length > size) values.shift()
      return values.length === size ? values : none
    },
  }
}
const none: readonly number[] = []

function variation(values: readonly number[]): number {
  if (values.length === 0) return Number.POSITIVE_INFINITY
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return Math.sqrt(squares) / mean
}
