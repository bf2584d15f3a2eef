/** What the process of screen-grab.ts says to the agent before it ends: one of these, once. */
export type GrabMessage =
  | { kind: 'pictures'; pictures: Uint8Array[] }
  /** `reason` is for the log; it never quotes what is on the screen. */
  | { kind: 'failed'; reason: string }
