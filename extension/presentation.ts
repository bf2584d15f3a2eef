import type { Problem } from '../protocol/errors.ts'
import type { Status, TrackingState } from '../protocol/status.ts'
import { describeAge } from './durations.ts'
import type { TimeWords } from './instants.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * What to say of a snapshot: the one place that decides whether “Tracking” may be shown. It is shown only if a
 * record was durably written in the last 30 seconds, whoever claims otherwise.
 */
export type StateName =
  | 'consent-needed'
  | 'starting'
  | 'tracking'
  | 'paused'
  | 'suspended'
  | 'blocked'
  | 'waiting'
  | 'host-missing'
  | 'disconnected'

export type Tone = 'good' | 'calm' | 'warn' | 'stop'

export type Presentation = {
  state: StateName
  tone: Tone
  title: string
  /** One line below the title. */
  line: string
  /** What is wrong and what to do, when something is. */
  problem: Problem | undefined
}

/** Three times the length of an interval. */
export const longestSilenceMs = 30_000

export function present(snapshot: Snapshot, nowMs: number, words: TimeWords): Presentation {
  const { link, status } = snapshot
  if (link.kind === 'lost') return presentLost(link.problem, status, nowMs)
  if (status === undefined) return { ...connecting, line: 'Asking the tracker on this computer' }
  if (snapshot.source === 'agent') return presentStatus(status, nowMs, words)

  // Kept from earlier: only a write of the last seconds can still vouch for tracking.
  const kept = presentStatus(status, nowMs, words)
  if (kept.state === 'tracking' || kept.state === 'waiting') return kept
  if (status.state.kind === 'tracking') return { ...connecting, line: savedLine(status, nowMs) }
  return { ...kept, line: `As of ${words.time(status.at, nowMs)}` }
}

const connecting = { state: 'starting', tone: 'calm', title: 'Connecting', problem: undefined } as const

function presentLost(problem: Problem, status: Status | undefined, nowMs: number): Presentation {
  if (problem.code === 'HOST_MISSING')
    return {
      state: 'host-missing',
      tone: 'stop',
      title: 'Not recording',
      line: 'The tracker was not found on this computer',
      problem,
    }
  return {
    state: 'disconnected',
    tone: 'stop',
    title: 'Connection lost',
    line: status?.last_saved ? savedLine(status, nowMs) : 'Nothing is known of the tracker',
    problem,
  }
}

function presentStatus(status: Status, nowMs: number, words: TimeWords): Presentation {
  const { state, queue } = status
  const saved = savedLine(status, nowMs)
  switch (state.kind) {
    case 'consent-needed':
      return {
        state: 'consent-needed',
        tone: 'calm',
        title: 'Ready to start',
        line: 'Nothing is recorded before you agree',
        problem: undefined,
      }
    case 'starting':
      return { state: 'starting', tone: 'calm', title: 'Starting', line: saved, problem: undefined }
    case 'tracking':
      if (silentMs(status, state, nowMs) > longestSilenceMs)
        return {
          state: 'blocked',
          tone: 'stop',
          title: 'Not recording',
          line: saved,
          problem: { code: 'NOT_SAVING' },
        }
      if (queue.items > 0 && queue.problem)
        return {
          state: 'waiting',
          tone: 'warn',
          title: `${waitingFor(status)} (${words.number(queue.items)})`,
          line: `Tracking goes on. ${saved}`,
          problem: queue.problem,
        }
      return { state: 'tracking', tone: 'good', title: 'Tracking', line: saved, problem: undefined }
    case 'paused':
      return {
        state: 'paused',
        tone: 'calm',
        title: state.until ? `Paused until ${words.time(state.until, nowMs)}` : 'Paused',
        line: state.until ? 'Nothing is recorded until then' : 'Nothing is recorded until you resume',
        problem: undefined,
      }
    case 'suspended':
      return {
        state: 'suspended',
        tone: 'warn',
        title: 'Suspended: low battery',
        line: state.detail || 'Goes on by itself when power returns',
        problem: undefined,
      }
    case 'blocked':
      return { state: 'blocked', tone: 'stop', title: 'Not recording', line: saved, problem: state.problem }
    default:
      throw state satisfies never
  }
}

/** Without any write yet, since tracking is said to have begun. */
function silentMs(status: Status, state: TrackingState & { kind: 'tracking' }, nowMs: number): number {
  return nowMs - Date.parse(status.last_saved ?? state.since)
}

function savedLine(status: Status, nowMs: number): string {
  if (status.last_saved === null) return 'Nothing saved yet'
  return `Last saved ${describeAge(nowMs - Date.parse(status.last_saved))}`
}

function waitingFor(status: Status): string {
  return status.destination.kind === 's3' ? 'Waiting to upload' : 'Waiting to deliver'
}
