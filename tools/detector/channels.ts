import { restMs } from '../../native-host/detection/strokes.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'

type Move = InputEvent & { kind: 'move' }

export type Channel = (events: InputEvent[]) => InputEvent[]

/** The same hand through other hardware. Recordings rarely exceed 140 reports a second, mice reach 1000. */
const channels: Record<string, Channel> = {
  native: events => events,
  '1000 Hz': events => interpolate(events, 1),
  '500 Hz': events => interpolate(events, 2),
  '125 Hz': events => coalesce(events, 8),
  'remote desktop': events => coalesce(events, 109),
}

/** Balabit was recorded through a remote desktop, which no mouse undoes; typing holds no pointer. */
export function channelsOf(set: string): Record<string, Channel> {
  if (set === 'aalto136m' || set.startsWith('typer_')) return only('native')
  return set === 'balabit' ? only('native', 'remote desktop') : channels
}

function only(...names: string[]): Record<string, Channel> {
  return Object.fromEntries(Object.entries(channels).filter(([name]) => names.includes(name)))
}

/** Fills in the places between two reports on a smooth line (Catmull-Rom), rounded to pixels as a mouse does. */
function interpolate(events: InputEvent[], ms: number): InputEvent[] {
  const out: InputEvent[] = []
  const moveAt = (index: number): Move | undefined => {
    const event = events[index]
    return event?.kind === 'move' ? event : undefined
  }
  for (const [index, event] of events.entries()) {
    const before = moveAt(index - 1)
    const span = before ? event.at - before.at : 0
    if (event.kind !== 'move' || !before || span > restMs || span <= ms) {
      out.push(event)
      continue
    }
    const outerBefore = moveAt(index - 2) ?? before
    const outerAfter = moveAt(index + 1) ?? event
    const pieces = Math.floor(span / ms)
    let { x, y } = before
    for (let piece = 1; piece <= pieces; piece++) {
      const u = piece / pieces
      const nextX = Math.round(catmullRom(outerBefore.x, before.x, event.x, outerAfter.x, u))
      const nextY = Math.round(catmullRom(outerBefore.y, before.y, event.y, outerAfter.y, u))
      if (nextX === x && nextY === y) continue
      x = nextX
      y = nextY
      out.push({ kind: 'move', at: before.at + span * u, x, y })
    }
  }
  return out
}

function catmullRom(a: number, b: number, c: number, d: number, u: number): number {
  return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u ** 2 + (3 * b - a - 3 * c + d) * u ** 3)
}

/** Keeps the last place of each span, as slow mice and remote desktops do. */
function coalesce(events: InputEvent[], ms: number): InputEvent[] {
  const out: InputEvent[] = []
  for (const event of events) {
    if (event.kind !== 'move') {
      out.push(event)
      continue
    }
    const at = Math.floor(event.at / ms) * ms
    const last = out.at(-1)
    if (last?.kind === 'move' && last.at === at) out[out.length - 1] = { ...event, at }
    else out.push({ ...event, at: Math.max(at, last?.at ?? at) })
  }
  return out
}
