import type { InputEvent } from '../../input/input-event.ts'
import { createKeySlots } from './key-slots.ts'
import { createTimeline } from './timeline.ts'

/** What the library reports, as far as it is used. */
type Stamped = { type: number; time: number }
type KeyReport = Stamped & { keycode: number }
type PointerReport = Stamped & { x: number; y: number; button: unknown }
type WheelReport = Stamped & { x: number; y: number; rotation: number }
export type UiohookEvent = KeyReport | PointerReport | WheelReport

/** The numbers of uiohook's EventType, which is there at run time only after the native library was loaded. */
const type = {
  keyPressed: 4,
  keyReleased: 5,
  mousePressed: 7,
  mouseReleased: 8,
  mouseMoved: 9,
  mouseWheel: 11,
} as const

/**
 * Translates the library's reports into events without key identity. Its "clicked" is omitted: it duplicates a press
 * and a release without motion in between. On X11 the library has already turned buttons 4 to 7 into wheel events
 * without a press.
 *
 * @param machineMs the monotonic clock of the machine
 */
export function createTranslator(machineMs: () => number, msPerStamp: number = msPerStampHere()) {
  const slots = createKeySlots()
  const timeline = createTimeline()

  /** undefined for what is no event of its own: a repeat, a "clicked", the release of an unknown press. */
  return (event: UiohookEvent): InputEvent | undefined => {
    const at = timeline.place(event.time * msPerStamp, machineMs())
    switch (event.type) {
      case type.keyPressed:
      case type.keyReleased:
        return 'keycode' in event ? keyEvent(event, at) : undefined
      case type.mousePressed:
      case type.mouseReleased:
        return 'button' in event ? buttonEvent(event, at) : undefined
      case type.mouseMoved:
        return 'x' in event ? { kind: 'move', at, x: event.x, y: event.y } : undefined
      case type.mouseWheel:
        return 'rotation' in event ? wheelEvent(event, at) : undefined
      default:
        return undefined
    }
  }

  function keyEvent(event: KeyReport, at: number): InputEvent | undefined {
    const down = event.type === type.keyPressed
    const slot = down ? slots.press(event.keycode, at) : slots.release(event.keycode)
    return slot === undefined ? undefined : { kind: down ? 'key-down' : 'key-up', at, slot }
  }
}

/**
 * X11 and Windows stamp in milliseconds, macOS in ticks of the processor: 1 ns on Intel, 125/3 ns on Apple's. Should
 * these stamps be nanoseconds too, they run ahead, and the timeline falls back to the time of arrival.
 */
function msPerStampHere(): number {
  if (process.platform !== 'darwin') return 1
  return (process.arch === 'arm64' ? 125 / 3 : 1) / 1e6
}

function buttonEvent(event: PointerReport, at: number): InputEvent {
  const kind = event.type === type.mousePressed ? 'button-down' : 'button-up'
  return { kind, at, button: Number(event.button), x: event.x, y: event.y }
}

/** Steps are 0 while a fine wheel on Windows has not turned a whole notch: activity, but nothing to count yet. */
function wheelEvent(event: WheelReport, at: number): InputEvent {
  return { kind: 'wheel', at, steps: event.rotation, x: event.x, y: event.y }
}
