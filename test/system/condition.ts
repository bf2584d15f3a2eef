/** What a person's computer can be like, brought about for real, and what the tracker must do then. */
export type Condition = {
  /** In plain words: what is so, and what is promised. */
  what: string
  /** `fast` ones run in `npm test`: a few seconds each, a minute for all groups together. */
  speed: 'fast' | 'slow'
  /**
   * Brings it about, and says what was seen, with figures. Throws when that falls short of the promise, and
   * `NotHere` when this computer cannot be brought into the condition. Takes everything away again.
   */
  run(signal: AbortSignal): Promise<string>
}

/** Conditions of one kind, in a file of their own. */
export type ConditionGroup = {
  name: string
  conditions: readonly Condition[]
  /** Takes away what its conditions have in common, such as a desktop that the first of them started. */
  end?(): Promise<void>
}

/** This computer cannot be brought into a condition, for example because only root may mount something. */
export class NotHere extends Error {}

/** The promise, or else what was seen instead. */
export function expect(holds: boolean, seen: string): void {
  if (!holds) throw new Error(seen)
}
