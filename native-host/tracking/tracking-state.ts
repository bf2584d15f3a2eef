import type { Problem } from '../../protocol/errors.ts'
import type { TrackingState } from '../../protocol/status.ts'

/** All inputs that decide whether tracking is wanted and whether it happens. Instants are ISO strings in UTC. */
export type Conditions = {
  consentGiven: boolean
  startedAt: string
  pause: { since: string; until: string | null } | undefined
  suspension: Omit<Extract<TrackingState, { kind: 'suspended' }>, 'kind'> | undefined
  /** Why records cannot be stored. */
  store: { since: string; problem: Problem } | undefined
  /** Why input cannot be seen. */
  input: { since: string; problem: Problem } | undefined
  trackingSince: string | undefined
  lastSaved: string | undefined
}

/** Whether anything may be recorded: no hook and no screenshot exists while this is false. */
export function mayRecord({
  consentGiven,
  pause,
  suspension,
  obstacle,
}: Pick<Conditions, 'consentGiven' | 'pause' | 'suspension'> & { obstacle: Problem | undefined }): boolean {
  return consentGiven && !pause && !suspension && !obstacle
}

/** Three intervals without a durable write are a fault, and then the state must not be tracking. */
export const longestSilenceMs = 30_000

/** The strongest reason first. `tracking` requires a recently stored record. */
export function trackingState(conditions: Conditions, nowMs: number): TrackingState {
  const { pause, suspension, store, input, trackingSince, lastSaved } = conditions
  if (!conditions.consentGiven) return { kind: 'consent-needed' }
  if (store) return { kind: 'blocked', ...store }
  if (suspension) return { kind: 'suspended', ...suspension }
  if (pause) return { kind: 'paused', ...pause }
  if (input) return { kind: 'blocked', ...input }
  if (trackingSince === undefined) return { kind: 'starting' }
  // A clock that was set back puts the start into the future; then only a record of right now is surely of this run.
  const isRecent = (instant: string) => Math.abs(nowMs - Date.parse(instant)) <= longestSilenceMs
  const savedInThisRun =
    lastSaved !== undefined &&
    (lastSaved >= trackingSince || (Date.parse(trackingSince) > nowMs && isRecent(lastSaved)))
  const lastSign = savedInThisRun ? lastSaved : trackingSince
  if (!isRecent(lastSign)) return { kind: 'blocked', since: lastSign, problem: { code: 'NOT_SAVING' } }
  return savedInThisRun ? { kind: 'tracking', since: trackingSince } : { kind: 'starting' }
}
