/** Levels of 255 that a square must become lighter or darker by: one letter more in it is about 20. */
const noticeable = 8

/** The share of squares that must change: sixteen on a Full HD screen, so that a blinking cursor or a clock is no change. */
const share = 0.002

/**
 * Whether a person would see a change of the screen.
 * @param before and @param now: brightness of its squares, as ImageEditor.fingerprint has it
 */
export function hasChanged(before: Uint8Array, now: Uint8Array): boolean {
  if (before.length !== now.length) return true
  const changed = before.reduce(
    (count, level, i) => (Math.abs(level - (now[i] ?? 0)) > noticeable ? count + 1 : count),
    0,
  )
  return changed > share * now.length
}
