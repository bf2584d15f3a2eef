/** `[host]:number[.screen]`, see DISPLAY NAMES in X(7); over a network the number is added to port 6000. */
const displayName = /^[^:]*:[0-5]?\d{1,4}(\.\d{1,2})?$/

/** Of other names npm x11 throws, of some where nobody can catch it: ask before connecting. */
export function isDisplayName(display: string): boolean {
  return displayName.test(display)
}
