import type { Counts } from '../../protocol/records.ts'
import type { InputEvent } from './input-event.ts'

/**
 * Gathers events into one interval at a time. Closing a window opens the next one at the same instant, so an
 * event belongs to exactly one of them. All times are milliseconds on the monotonic clock.
 */
export type InputWindow = {
  readonly openedAt: number
  readonly counts: Counts
  /** One flag a second since `openedAt`: whether anything happened in it. */
  readonly activeSeconds: ReadonlySet<number>
  readonly lastEventAt: number | undefined
  /** Where the pointer was last, so that the way to the next window's first move counts too. */
  readonly pointer: { x: number; y: number } | undefined
}

export function openWindow(openedAt: number, pointer?: InputWindow['pointer']): InputWindow {
  return { openedAt, counts: { ...noCounts }, activeSeconds: new Set(), lastEventAt: undefined, pointer }
}

export const noCounts: Readonly<Counts> = { keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 }

/** Adds to `window` in place: it is on the path of every event. */
export function addEvents(window: InputWindow, events: readonly InputEvent[]): void {
  const open = window as { -readonly [K in keyof InputWindow]: InputWindow[K] } & {
    activeSeconds: Set<number>
  }
  for (const event of events) {
    switch (event.kind) {
      case 'key-down':
        open.counts.keys++
        break
      case 'button-down':
        open.counts.clicks++
        break
      case 'wheel':
        open.counts.wheel += Math.abs(event.steps)
        break
      case 'move':
        if (open.pointer)
          open.counts.distance_px += Math.hypot(event.x - open.pointer.x, event.y - open.pointer.y)
        open.pointer = { x: event.x, y: event.y }
        break
      case 'key-up':
      case 'button-up':
        break
      default:
        throw event satisfies never
    }
    // A batch may arrive just after its window closed; its events then count in the first second of the next.
    open.activeSeconds.add(Math.max(0, Math.floor((event.at - open.openedAt) / 1000)))
    open.lastEventAt = event.at
  }
}

/** Adds device activity from one moment to another, without counts. The part before the window is left out. */
export function markUsed(window: InputWindow, fromMs: number, toMs: number): void {
  const seconds = window.activeSeconds as Set<number>
  const first = Math.floor((Math.max(fromMs, window.openedAt) - window.openedAt) / 1000)
  const last = Math.floor((toMs - window.openedAt) / 1000)
  for (let second = first; second <= last; second++) seconds.add(second)
}

export function hasEvents(window: InputWindow): boolean {
  return window.lastEventAt !== undefined
}

/** The window's counts so far, in whole pixels, with its active seconds. */
export function countsOf(window: InputWindow): Counts {
  return {
    ...window.counts,
    distance_px: Math.round(window.counts.distance_px),
    active_seconds: window.activeSeconds.size,
  }
}

/** One character a second for `lengthMs`: 1 active, 0 not. */
export function activityLine(window: InputWindow, lengthMs: number): string {
  // An event in the last, begun second may lie past the length by a rounding; it must not get lost.
  const seconds = Math.max(Math.ceil(lengthMs / 1000), ...[...window.activeSeconds].map(second => second + 1))
  return Array.from({ length: Math.max(0, seconds) }, (_, second) =>
    window.activeSeconds.has(second) ? '1' : '0',
  ).join('')
}

export function addCounts(a: Readonly<Counts>, b: Readonly<Counts>): Counts {
  return {
    keys: a.keys + b.keys,
    clicks: a.clicks + b.clicks,
    wheel: a.wheel + b.wheel,
    distance_px: a.distance_px + b.distance_px,
    active_seconds: a.active_seconds + b.active_seconds,
  }
}

/** Just the counts of something that holds more. */
export function countsIn({ keys, clicks, wheel, distance_px, active_seconds }: Readonly<Counts>): Counts {
  return { keys, clicks, wheel, distance_px, active_seconds }
}
