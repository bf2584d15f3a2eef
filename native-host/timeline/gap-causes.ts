import type { TimelineRecord } from './timeline-record.ts'

/** Why there may be no intervals of a span, the strongest reason first. */
const ranks = [
  'paused',
  'asleep',
  'consent-needed',
  'low-battery',
  'outbox-full',
  'keys-unconfirmed',
  'computer-off',
  'store-repaired',
  'agent-killed',
  'disk-full',
  'not-running',
  'input-lost',
  'locked',
  'starting',
  'clock-changed',
] as const
export type GapCause = (typeof ranks)[number]

/** `to` is infinite while it lasts. */
export type ClaimedCause = {
  from: number
  to: number
  cause: GapCause
  detail?: string | undefined
  rank: number
}

/** Turn an instant that a record names, before or after it, into such a time. */
type ReadInstant = { past(instant: string): number; ahead(instant: string): number }

/** A tracker that has started records within this time, or something else holds it back. */
const longestStartMs = 60_000
/** A pause may end so late: agents look at the time at least this often. */
const latePauseMs = 60_000
/** The interval that was open when the computer fell asleep ends so long after it woke up, and lacks that time. */
const wakingMs = 15_000
/** Days without sight must not become a claim for every interval. */
const blindToleranceMs = 1500
/** How far from the setting of a clock times are not to be relied on. */
const blurredMs = 20_000

/** What the records say about why there may be none. Times are those of `createWallTime`. */
export function createGapCauses() {
  let claims: ClaimedCause[] = []
  let pause: (ClaimedCause & { until: string | null }) | undefined
  let sleep: ClaimedCause | undefined
  let lock: ClaimedCause | undefined
  let ended: ClaimedCause | undefined
  const suspensions = new Map<string, ClaimedCause>()
  let lostInput: string | undefined
  let previousAt: number | undefined
  /** The end of the last interval, or before the first one the first record: an interval may have begun with it. */
  let coveredUntil: number | undefined

  return {
    note(record: TimelineRecord, at: number, read: ReadInstant): void {
      coveredUntil ??= at
      observe(record, at, read)
      previousAt = at
    },

    inputIsLost: (): boolean => lostInput !== undefined,

    /** There is an interval of it, but it saw nothing. */
    blind({ from, to }: { from: number; to: number }): void {
      const cause = lostInput === undefined ? 'starting' : 'input-lost'
      const last = claims.at(-1)
      const goesOn =
        last?.cause === cause && last.detail === lostInput && Math.abs(from - last.to) < blindToleranceMs
      if (goesOn) last.to = Math.max(last.to, to)
      else claim(cause, from, to, lostInput)
    },

    /** Those that began before then, the strongest first. */
    until: (ms: number): ClaimedCause[] =>
      claims.filter(({ from }) => from < ms).sort((a, b) => a.rank - b.rank),

    forget(before: number): void {
      claims = claims.filter(({ to }) => to > before)
    },
  }

  function observe(record: TimelineRecord, at: number, read: ReadInstant): void {
    switch (record.kind) {
      case 'agent.started':
        noteStart(record.previous_end === 'killed', at)
        // An agent goes by what the clock shows when it starts.
        if (pause) pause.to = endOfPause(pause.until, read)
        return
      case 'agent.ended':
        ended = claim('not-running', at, Number.POSITIVE_INFINITY, record.reason)
        return
      case 'consent.given':
        if (previousAt !== undefined) claim('consent-needed', previousAt, at, undefined, ranks.length)
        return
      case 'paused':
        endPause(at)
        pause = Object.assign(claim('paused', at, endOfPause(record.until, read), record.by), {
          until: record.until,
        })
        return
      case 'resumed':
        endPause(at)
        return
      case 'suspended':
        suspensions.set(record.reason, claim(record.reason, at))
        return
      case 'unsuspended':
        close(suspensions.get(record.reason), at)
        return
      case 'gap':
        claim(record.cause, read.past(record.from), read.past(record.to), record.detail)
        return
      case 'input.lost':
        lostInput = record.code
        return
      case 'input.restored':
        lostInput = undefined
        return
      case 'presence.changed':
        notePresence(record, at, read)
        return
      case 'clock.changed':
        // The interval that was open then has its beginning on the old clock.
        claim('clock-changed', Math.min(coveredUntil ?? at, at - blurredMs), at + blurredMs)
        return
      case 'interval':
        // Whoever records is running, whatever was said before.
        close(ended, read.past(record.from))
        coveredUntil = read.past(record.from) + record.length_ms
        ended = undefined
        return
      default:
        return
    }
  }

  function noteStart(killed: boolean, at: number): void {
    if (ended) close(ended, at)
    else if (previousAt !== undefined)
      claim(killed ? 'agent-killed' : 'not-running', previousAt, at, undefined, ranks.length)
    // Of a killed one, the interval that was open is lost with it.
    if (killed) claim('agent-killed', coveredUntil ?? at, at, undefined, ranks.length + 1)
    ended = undefined
    // Only the pause outlives an agent.
    for (const suspension of suspensions.values()) close(suspension, at)
    close(sleep, at)
    close(lock, at)
    lostInput = undefined
    claim('starting', at, at + longestStartMs)
  }

  function endOfPause(until: string | null, read: ReadInstant): number {
    return until === null ? Number.POSITIVE_INFINITY : read.ahead(until)
  }

  /** A pause that was over before it was ended: an agent that lives notices soon, and a dead one has its own cause. */
  function endPause(at: number): void {
    if (!pause) return
    const late = pause.to
    close(pause, at)
    if (late < at) claim('paused', late, Math.min(at, late + latePauseMs), pause.detail, ranks.length)
    pause = undefined
  }

  function notePresence(
    record: Extract<TimelineRecord, { kind: 'presence.changed' }>,
    at: number,
    read: ReadInstant,
  ): void {
    if (sleep) {
      close(sleep, at)
      claim('asleep', sleep.to, sleep.to + wakingMs, undefined, ranks.length)
      sleep = undefined
    }
    close(lock, at)
    const from = read.past(record.from)
    const to = record.to === undefined ? Number.POSITIVE_INFINITY : read.past(record.to)
    if (record.presence === 'asleep') sleep = claim('asleep', from, to)
    if (record.presence === 'locked') lock = claim('locked', from, to)
  }

  function claim(
    cause: GapCause,
    from: number,
    to = Number.POSITIVE_INFINITY,
    detail?: string,
    rank: number = ranks.indexOf(cause),
  ): ClaimedCause {
    const made = { cause, from, to, detail, rank }
    claims.push(made)
    return made
  }

  function close(claim: ClaimedCause | undefined, at: number): void {
    if (claim) claim.to = Math.min(claim.to, Math.max(at, claim.from))
  }
}
