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

/** Convert an instant that a record names, before or after it, into such a time. */
type ReadInstant = { past(instant: string): number; ahead(instant: string): number }

/** A tracker that has started records within this time, or something else holds it back. */
const longestStartMs = 60_000
/** A pause may end this late: agents check the time at least this often. */
const latePauseMs = 60_000
/** The interval that was open at the start of a sleep ends this long after waking up, and lacks that time. */
const wakingMs = 15_000
/** Days without input must not become a gap cause for every interval. */
const blindToleranceMs = 1500
/** Around a change of the clock, times within this distance are unreliable. */
const blurredMs = 20_000

type State = {
  claims: ClaimedCause[]
  pause: (ClaimedCause & { until: string | null }) | undefined
  sleep: ClaimedCause | undefined
  lock: ClaimedCause | undefined
  ended: ClaimedCause | undefined
  suspensions: Map<string, ClaimedCause>
  lostInput: string | undefined
  previousAt: number | undefined
  /** The end of the last interval, or before the first one the first record: an interval may have begun with it. */
  coveredUntil: number | undefined
}

/** The gap causes that the records state. Times are those of `createWallTime`. */
export function createGapCauses() {
  const state: State = {
    claims: [],
    pause: undefined,
    sleep: undefined,
    lock: undefined,
    ended: undefined,
    suspensions: new Map(),
    lostInput: undefined,
    previousAt: undefined,
    coveredUntil: undefined,
  }
  return {
    note(record: TimelineRecord, at: number, read: ReadInstant): void {
      state.coveredUntil ??= at
      observe(state, record, at, read)
      state.previousAt = at
    },

    inputIsLost: (): boolean => state.lostInput !== undefined,

    /** An interval covers the span, but it saw nothing. */
    blind: (piece: { from: number; to: number }): void => claimBlind(state, piece),

    /** The causes that began before then, the strongest first. */
    until: (ms: number): ClaimedCause[] =>
      state.claims.filter(({ from }) => from < ms).sort((a, b) => a.rank - b.rank),

    forget(before: number): void {
      state.claims = state.claims.filter(({ to }) => to > before)
    },
  }
}

function claimBlind(state: State, { from, to }: { from: number; to: number }): void {
  const { lostInput } = state
  const cause = lostInput === undefined ? 'starting' : 'input-lost'
  const last = state.claims.at(-1)
  const goesOn =
    last?.cause === cause && last.detail === lostInput && Math.abs(from - last.to) < blindToleranceMs
  if (goesOn) last.to = Math.max(last.to, to)
  else claim(state, cause, from, to, lostInput)
}

function observe(state: State, record: TimelineRecord, at: number, read: ReadInstant): void {
  switch (record.kind) {
    case 'agent.started':
      noteStart(state, record.previous_end === 'killed', at)
      // An agent goes by what the clock shows when it starts.
      if (state.pause) state.pause.to = endOfPause(state.pause.until, read)
      return
    case 'agent.ended':
      state.ended = claim(state, 'not-running', at, Number.POSITIVE_INFINITY, record.reason)
      return
    case 'consent.given':
      if (state.previousAt !== undefined)
        claim(state, 'consent-needed', state.previousAt, at, undefined, ranks.length)
      return
    case 'paused':
      endPause(state, at)
      state.pause = Object.assign(claim(state, 'paused', at, endOfPause(record.until, read), record.by), {
        until: record.until,
      })
      return
    case 'resumed':
      endPause(state, at)
      return
    case 'suspended':
      state.suspensions.set(record.reason, claim(state, record.reason, at))
      return
    case 'unsuspended':
      close(state.suspensions.get(record.reason), at)
      return
    case 'gap':
      claim(state, record.cause, read.past(record.from), read.past(record.to), record.detail)
      return
    case 'input.lost':
      state.lostInput = record.code
      return
    case 'input.restored':
      state.lostInput = undefined
      return
    case 'presence.changed':
      notePresence(state, record, at, read)
      return
    case 'clock.changed':
      // The interval that was open then has its beginning on the old clock.
      claim(state, 'clock-changed', Math.min(state.coveredUntil ?? at, at - blurredMs), at + blurredMs)
      return
    case 'interval':
      // An agent that records is running, also when an end was recorded before.
      close(state.ended, read.past(record.from))
      state.coveredUntil = read.past(record.from) + record.length_ms
      state.ended = undefined
      return
    default:
      return
  }
}

function noteStart(state: State, killed: boolean, at: number): void {
  if (state.ended) close(state.ended, at)
  else if (state.previousAt !== undefined)
    claim(state, killed ? 'agent-killed' : 'not-running', state.previousAt, at, undefined, ranks.length)
  // A killed tracker loses the interval that was open.
  if (killed) claim(state, 'agent-killed', state.coveredUntil ?? at, at, undefined, ranks.length + 1)
  state.ended = undefined
  // Only the pause outlives an agent.
  for (const suspension of state.suspensions.values()) close(suspension, at)
  close(state.sleep, at)
  close(state.lock, at)
  state.lostInput = undefined
  claim(state, 'starting', at, at + longestStartMs)
}

function endOfPause(until: string | null, read: ReadInstant): number {
  return until === null ? Number.POSITIVE_INFINITY : read.ahead(until)
}

/** A pause whose time was over before its end was recorded: a running agent notices soon, and a dead one has its own cause. */
function endPause(state: State, at: number): void {
  if (!state.pause) return
  const late = state.pause.to
  close(state.pause, at)
  if (late < at)
    claim(state, 'paused', late, Math.min(at, late + latePauseMs), state.pause.detail, ranks.length)
  state.pause = undefined
}

function notePresence(
  state: State,
  record: Extract<TimelineRecord, { kind: 'presence.changed' }>,
  at: number,
  read: ReadInstant,
): void {
  if (state.sleep) {
    close(state.sleep, at)
    claim(state, 'asleep', state.sleep.to, state.sleep.to + wakingMs, undefined, ranks.length)
    state.sleep = undefined
  }
  close(state.lock, at)
  const from = read.past(record.from)
  const to = record.to === undefined ? Number.POSITIVE_INFINITY : read.past(record.to)
  if (record.presence === 'asleep') state.sleep = claim(state, 'asleep', from, to)
  if (record.presence === 'locked') state.lock = claim(state, 'locked', from, to)
}

function claim(
  state: State,
  cause: GapCause,
  from: number,
  to = Number.POSITIVE_INFINITY,
  detail?: string,
  rank: number = ranks.indexOf(cause),
): ClaimedCause {
  const made = { cause, from, to, detail, rank }
  state.claims.push(made)
  return made
}

function close(claim: ClaimedCause | undefined, at: number): void {
  if (claim) claim.to = Math.min(claim.to, Math.max(at, claim.from))
}
