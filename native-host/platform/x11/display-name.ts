/** `[host]:number[.screen]`, see DISPLAY NAMES in X(7); over a network the number is added to port 6000. */
const displayName = /^[^:]*:[0-5]?\d{1,4}(\.\d{1,2})?$/

/** Which screen of a display that has several: behind the dot, and the first where nothing is said. */
export function screenOf(display: string): number {
  return Number(/\.(\d{1,2})$/.exec(display)?.[1] ?? 0)
}

/** Of other names npm x11 throws, of some where nobody can catch it: ask before connecting. */
export function isDisplayName(display: string): boolean {
  return displayName.test(display)
}
