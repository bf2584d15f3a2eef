import type { PresenceReport } from './presence-sources.ts'

export type PresenceSources = {
  /**
   * Reports the current state and then every change, until `signal` aborts. A source that is missing reports
   * nothing until it appears. Never throws. Costs nothing while nothing changes.
   */
  watch(onReport: (sign: PresenceReport) => void, signal: AbortSignal): Promise<void>
  /**
   * Whether a program asks the system to keep the screen on for a person who watches or listens, as calls and
   * videos do. Unknown counts as no.
   */
  keptAwake(): Promise<boolean>
}
