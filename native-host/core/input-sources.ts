/**
 * The devices whose input arrived in a span of time, by their names, and when the first of it did; milliseconds on the
 * machine's monotonic clock.
 */
export type InputSources = { from: number; first: number; to: number; devices: readonly string[] }
