import { shortestPathPx } from '../../native-host/detection/stroke-features.ts'
import { createStrokeWindow } from '../../native-host/detection/stroke-window.ts'
import { createStrokes } from '../../native-host/detection/strokes.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { channelsOf } from './channels.ts'
import type { Session } from './recordings.ts'

const known = new WeakMap<Session, Float64Array[]>()

/** What the model would see of a sitting, through each channel, every `stride` strokes. Made once for all the fits. */
export function examplesOf(session: Session, stride: number): Float64Array[] {
  const rows =
    known.get(session) ??
    Object.values(channelsOf(session.set)).flatMap(channel => windowsOf(channel(session.events), stride))
  known.set(session, rows)
  return rows
}

function windowsOf(events: readonly InputEvent[], stride: number): Float64Array[] {
  const strokes = createStrokes()
  const window = createStrokeWindow()
  const rows: Float64Array[] = []
  let count = 0
  for (const event of events) {
    const stroke = strokes.endedBy(event)
    if (stroke && stroke.path >= shortestPathPx) {
      const summary = window.add(stroke)
      if (summary && count++ % stride === 0) rows.push(summary.slice())
    }
    if (event.kind === 'move') strokes.add(event)
  }
  return rows
}
