import type { PresenceReport } from './presence-sources.ts'

export type PresenceSources = {
  /**
   * Tells what is so at the beginning and then every change, until `signal` aborts. Whoever is not there says nothing,
   * and is listened to once it is; never throws. Costs nothing while nothing changes.
   */
  watch(onReport: (sign: PresenceReport) => void, signal: AbortSignal): Promise<void>
  /**
   * Whether a program now asks the system to keep the screen on for somebody who looks or listens, as calls and videos
   * do. Not knowing is no.
   */
  keptAwake(): Promise<boolean>
}
