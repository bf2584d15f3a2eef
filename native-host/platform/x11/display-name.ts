/** `[host]:number[.screen]`, see DISPLAY NAMES in X(7); over a network the number is added to port 6000. */
const displayName = /^[^:]*:[0-5]?\d{1,4}(\.\d{1,2})?$/

/** Which screen of a display that has several: behind the dot, by default the first. */
export function screenOf(display: string): number {
  return Number(/\.(\d{1,2})$/.exec(display)?.[1] ?? 0)
}

/** npm x11 throws for other names, for some where no caller can catch it: check before connecting. */
export function isDisplayName(display: string): boolean {
  return displayName.test(display)
}
