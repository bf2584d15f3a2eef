/** The devices whose input arrived in a span of time, by their names; milliseconds on the machine's monotonic clock. */
export type InputSources = { from: number; to: number; devices: readonly string[] }
