/** What a device is used as. `unknown`: the system does not say. */
export type InputDevice = { name: string; kind: 'pointer' | 'keyboard' | 'unknown' }

/**
 * The devices whose input arrived in a span of time, and when the first of it did; milliseconds on the machine's
 * monotonic clock. `pointerKeys`: the system itself moves the pointer by keys (MouseKeys), or did in that span.
 */
export type InputSources = {
  from: number
  first: number
  to: number
  devices: readonly InputDevice[]
  pointerKeys: boolean
}

/** X11 names the devices of its XTEST extension, through which programs make input. */
export function isInjector(name: string): boolean {
  return /\bXTEST\b/.test(name)
}
