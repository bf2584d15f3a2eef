import type { Problem } from '../../protocol/errors.ts'
import { describePresence } from '../../protocol/presence.ts'
import type { Status } from '../../protocol/status.ts'
import type { TimeWords } from '../text/instants.ts'
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
  /** What the title means for the person, in a few words. */
  line: string | undefined
  /** What is wrong and what to do, when something is. */
  problem: Problem | undefined
}

/** Three times the length of an interval. */
export const longestSilenceMs = 30_000

export function present(snapshot: Snapshot, nowMs: number, words: TimeWords): Presentation {
  const { link, status } = snapshot
  if (link.kind === 'lost') return presentLost(link.problem)
  if (status === undefined) return connecting
  const shown = presentStatus(status, nowMs, words)
  if (snapshot.source === 'agent') return shown

  // Kept from earlier: only a write of the last seconds can still vouch for tracking.
  if (shown.state === 'tracking' || shown.state === 'waiting') return shown
  if (status.state.kind === 'tracking') return connecting
  return { ...shown, line: `As of ${words.time(status.at, nowMs)}` }
}

const connecting: Presentation = {
  state: 'starting',
  tone: 'calm',
  title: 'Connecting',
  line: 'Asking the tracker on this computer',
  problem: undefined,
}

function presentLost(problem: Problem): Presentation {
  if (problem.code === 'HOST_MISSING')
    return {
      state: 'host-missing',
      tone: 'stop',
      title: 'Not recording',
      line: 'No tracker was found on this computer',
      problem,
    }
  return {
    state: 'disconnected',
    tone: 'stop',
    title: 'Connection lost',
    line: 'Whether anything is recorded is not known',
    problem,
  }
}

function presentStatus(status: Status, nowMs: number, words: TimeWords): Presentation {
  const { state, queue } = status
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
      return {
        state: 'starting',
        tone: 'calm',
        title: 'Starting',
        line: 'Waiting for the first record to be saved',
        problem: undefined,
      }
    case 'tracking':
      // Without any write yet, since tracking is said to have begun.
      if (nowMs - Date.parse(status.last_saved ?? state.since) > longestSilenceMs)
        return notRecording({ code: 'NOT_SAVING' })
      if (queue.items > 0 && queue.problem)
        return {
          state: 'waiting',
          tone: 'warn',
          title: `${deliveryWords(status).waiting} (${words.number(queue.items)})`,
          line: 'Tracking goes on, safe on this computer',
          problem: queue.problem,
        }
      return {
        state: 'tracking',
        tone: 'good',
        title: 'Tracking',
        line: presenceLine(status, nowMs, words),
        problem: undefined,
      }
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
      return notRecording(state.problem)
    default:
      throw state satisfies never
  }
}

/** Why nothing seems to happen although it tracks; nothing while the person is plainly there. */
function presenceLine({ presence }: Status, nowMs: number, words: TimeWords): string | undefined {
  const { kind, source, since } = presence
  if (kind === 'unknown' || (kind === 'active' && source !== 'media')) return undefined
  return describePresence(kind, source, words.time(since, nowMs))
}

function notRecording(problem: Problem): Presentation {
  return { state: 'blocked', tone: 'stop', title: 'Not recording', line: undefined, problem }
}

/** Objects are uploaded to a bucket, and delivered to a folder. */
export function deliveryWords(status: Status) {
  return status.destination.kind === 's3'
    ? { waiting: 'Waiting to upload', done: 'uploaded' }
    : { waiting: 'Waiting to deliver', done: 'delivered' }
}
