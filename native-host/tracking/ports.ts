import type { Computer } from '../../protocol/computer.ts'
import type { EndReason } from '../journal/start-gap.ts'

/** Facts about the person's decisions and the agent's lifecycle. */
export type TrackingFacts = {
  consent: { text_version: number; at: string }
  /** `by`: the program that asked for it. */
  pause: { since: string; until: string | null; by?: string | undefined }
  /** The time zone that records are known to be in. */
  zone: string
  /** Present while an agent runs; found at a start, it means that an agent was killed. */
  running: { pid: number; since: string; boot?: string | undefined }
  /** How the last agent ended, if it could say so. `boot` identifies one start of the computer. */
  last_end: { reason: EndReason; boot: string }
  /** The public key that the journal names. */
  device_key: string
  /** What kind of computer it is, found out once after each start of it. */
  computer: { boot: string; facts: Computer }
}
