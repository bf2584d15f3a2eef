/**
 * Replaces the identity of a key by the lowest slot that is free while the key is down. A slot only pairs a press with
 * its release. The map exists only in the hook process.
 *
 * A held key repeats its press about every 30 ms. A repeat is no press: a book on the keyboard must not look like work.
 */
export function createKeySlots() {
  const held = new Map<number, { slot: number; lastAt: number }>()

  const lowestFree = (): number => {
    const taken = new Set(Array.from(held.values(), key => key.slot))
    let slot = 0
    while (taken.has(slot)) slot++
    return slot
  }

  return {
    /** The slot of a new press; undefined for a repeat. */
    press(key: number, at: number): number | undefined {
      const known = held.get(key)
      const repeats = known !== undefined && at - known.lastAt <= longestRepeatDelayMs
      const slot = known?.slot ?? lowestFree()
      held.set(key, { slot, lastAt: at })
      return repeats ? undefined : slot
    },
    /** undefined when the press was not seen, such as that of a key which was down before the hook was. */
    release(key: number): number | undefined {
      const slot = held.get(key)?.slot
      held.delete(key)
      return slot
    },
  }
}

/**
 * The longest delay before the first repeat that desktops offer is 2 s. A press later than that means that the
 * release got lost, as happens when the screen is locked by a shortcut.
 */
const longestRepeatDelayMs = 2100
