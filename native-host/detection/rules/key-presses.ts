import type { InputEvent } from '../../input/input-event.ts'

const slots = 64
/** A key that is held says so again within half a second, and then ever faster. */
const longestRepeatMs = 600

/** Tells the presses of keys from the repetitions of a held one, and how long each was held. */
export function createKeyPresses() {
  const pressedAt = new Float64Array(slots).fill(Number.NaN)
  const toldAt = new Float64Array(slots).fill(Number.NaN)

  return {
    /** Whether a key went down that was up. One whose release got lost is taken as up after a while. */
    isPress({ at, slot }: InputEvent & { kind: 'key-down' }): boolean {
      const key = slot % slots
      const isDown = !Number.isNaN(pressedAt[key] as number)
      const repeats = isDown && at - (toldAt[key] as number) < longestRepeatMs
      toldAt[key] = at
      if (!repeats) pressedAt[key] = at
      return !repeats
    },

    /** How long it was held; undefined when its press was not seen. */
    release({ at, slot }: InputEvent & { kind: 'key-up' }): number | undefined {
      const since = pressedAt[slot % slots] as number
      pressedAt[slot % slots] = Number.NaN
      return Number.isNaN(since) ? undefined : at - since
    },
  }
}
