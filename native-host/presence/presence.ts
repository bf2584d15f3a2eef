import type { PresenceKind, PresenceSource } from '../../protocol/presence.ts'

/** Where the person is, as far as it can be known, since when (an instant in UTC) and who said so. */
export type Presence = { kind: PresenceKind; since: string; source: PresenceSource }

/** Whether a person seems to be in front of the screen, so that what it shows is theirs to record. */
export function isAbsent(kind: PresenceKind): kind is 'away' | 'locked' | 'asleep' {
  return kind === 'away' || kind === 'locked' || kind === 'asleep'
}

/** Milliseconds on the monotonic clock. */
export type Seen = {
  nowMs: number
  /** The last input that anybody told of, and who did; undefined when nobody can see input. */
  lastInput: { atMs: number; source: PresenceSource } | undefined
  lockedBy: PresenceSource | undefined
  asleepBy: PresenceSource | undefined
  /** A call or a video, while it may count. */
  media: boolean
  idleAfterMs: number
  awayAfterMs: number
}

/** The strongest sign first: whoever left the screen locked is gone, whatever moves the mouse. */
export function presenceOf(seen: Seen): { kind: PresenceKind; sinceMs: number; source: PresenceSource } {
  const { nowMs, lastInput, lockedBy, asleepBy, media, idleAfterMs, awayAfterMs } = seen
  if (asleepBy) return { kind: 'asleep', sinceMs: nowMs, source: asleepBy }
  if (lockedBy) return { kind: 'locked', sinceMs: nowMs, source: lockedBy }
  const quietMs = lastInput ? nowMs - lastInput.atMs : Number.POSITIVE_INFINITY
  if (lastInput && quietMs < idleAfterMs) return { kind: 'active', sinceMs: nowMs, source: lastInput.source }
  if (media) return { kind: 'active', sinceMs: nowMs, source: 'media' }
  if (!lastInput) return { kind: 'unknown', sinceMs: nowMs, source: 'nobody' }
  // Nobody gets here before they are idle: whatever the settings say, nobody is away before that.
  const kind = quietMs < awayAfterMs ? 'idle' : 'away'
  return { kind, sinceMs: lastInput.atMs, source: lastInput.source }
}
