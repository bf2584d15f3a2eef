import type { PresenceKind, PresenceSource } from '../../protocol/presence.ts'

/** The presence of the person, as far as it is known, since when (an instant in UTC) and from which source. */
export type Presence = { kind: PresenceKind; since: string; source: PresenceSource }

/** Whether a person seems to be in front of the screen, so that its content may be recorded. */
export function isAbsent(kind: PresenceKind): kind is 'away' | 'locked' | 'asleep' {
  return kind === 'away' || kind === 'locked' || kind === 'asleep'
}

/** Milliseconds on the monotonic clock. */
export type Seen = {
  nowMs: number
  /** The last input that a source reported, and the source; undefined when no source can see input. */
  lastInput: { atMs: number; source: PresenceSource } | undefined
  lockedBy: PresenceSource | undefined
  asleepBy: PresenceSource | undefined
  /** A call or a video, while it may count. */
  media: boolean
  idleAfterMs: number
  awayAfterMs: number
}

/** The strongest report first: with a locked screen the person is gone, even if the mouse moves. */
export function presenceOf(seen: Seen): { kind: PresenceKind; sinceMs: number; source: PresenceSource } {
  const { nowMs, lastInput, lockedBy, asleepBy, media, idleAfterMs, awayAfterMs } = seen
  if (asleepBy) return { kind: 'asleep', sinceMs: nowMs, source: asleepBy }
  if (lockedBy) return { kind: 'locked', sinceMs: nowMs, source: lockedBy }
  const quietMs = lastInput ? nowMs - lastInput.atMs : Number.POSITIVE_INFINITY
  if (lastInput && quietMs < idleAfterMs) return { kind: 'active', sinceMs: nowMs, source: lastInput.source }
  if (media) return { kind: 'active', sinceMs: nowMs, source: 'media' }
  if (!lastInput) return { kind: 'unknown', sinceMs: nowMs, source: 'nobody' }
  // Only an idle person gets here: with any settings, away never comes before idle.
  const kind = quietMs < awayAfterMs ? 'idle' : 'away'
  return { kind, sinceMs: lastInput.atMs, source: lastInput.source }
}
