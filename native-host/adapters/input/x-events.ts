import type { InputEvent } from '../../input/input-event.ts'
import { createKeySlots } from './key-slots.ts'
import { createTimeline } from './timeline.ts'

/** X11 core protocol, 11: the numbers of the events, and where their fields are in the 32 bytes. */
const type = { keyPress: 2, keyRelease: 3, buttonPress: 4, buttonRelease: 5, motionNotify: 6 } as const
const at = { detail: 1, time: 4, rootX: 20, rootY: 22 } as const

/** X knows a wheel as the buttons 4 (away from the user) to 7; each notch is a press and a release. */
const wheelSteps: Record<number, number> = { 4: -1, 5: 1, 6: -1, 7: 1 }
const wheelButtons = Object.keys(wheelSteps).length

/**
 * Translates core events of an X server into events without the identity of keys.
 *
 * @param machineMs the monotonic clock of the machine
 */
export function createXTranslator(machineMs: () => number) {
  const slots = createKeySlots()
  const timeline = createTimeline()

  return {
    translate,
    /** The server's time, as it has just reported it. */
    noteTime: (stamp: number) => timeline.anchor(stamp, machineMs()),
  }

  /** undefined for what is no event of its own: a repeat, the release of a wheel's notch or of an unknown press. */
  function translate(bytes: Buffer, offset: number): InputEvent | undefined {
    const when = timeline.place(bytes.readUInt32LE(offset + at.time), machineMs())
    const detail = bytes.readUInt8(offset + at.detail)
    // The highest bit says that a program sent it.
    const kind = bytes.readUInt8(offset) & 0x7f
    switch (kind) {
      case type.keyPress:
      case type.keyRelease:
        return keyEvent(kind === type.keyPress ? 'key-down' : 'key-up', detail, when)
      case type.buttonPress:
      case type.buttonRelease:
        return buttonEvent(kind === type.buttonPress ? 'button-down' : 'button-up', detail, when, {
          x: bytes.readInt16LE(offset + at.rootX),
          y: bytes.readInt16LE(offset + at.rootY),
        })
      case type.motionNotify: {
        const x = bytes.readInt16LE(offset + at.rootX)
        return { kind: 'move', at: when, x, y: bytes.readInt16LE(offset + at.rootY) }
      }
      default:
        return undefined
    }
  }

  function keyEvent(kind: 'key-down' | 'key-up', keycode: number, when: number): InputEvent | undefined {
    const slot = kind === 'key-down' ? slots.press(keycode, when) : slots.release(keycode)
    return slot === undefined ? undefined : { kind, at: when, slot }
  }
}

function buttonEvent(
  kind: 'button-down' | 'button-up',
  button: number,
  when: number,
  place: { x: number; y: number },
): InputEvent | undefined {
  const steps = wheelSteps[button]
  // The side buttons come after the wheel's, but they are the fourth and the fifth button of the mouse.
  if (steps === undefined)
    return { kind, at: when, button: button > 7 ? button - wheelButtons : button, ...place }
  return kind === 'button-down' ? { kind: 'wheel', at: when, steps, ...place } : undefined
}
