import type { Problem } from '../../protocol/errors.ts'
import { describePresence } from '../../protocol/presence.ts'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import type { TimeWords } from '../text/instants.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * What to say of a snapshot: the one place that decides whether “Tracking” may be shown. It is shown only if a
 * record was durably written in the last 30 seconds, against every other claim.
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
  return { ...shown, line: text.state.asOf(words.time(status.at, nowMs)) }
}

const connecting: Presentation = {
  state: 'starting',
  tone: 'calm',
  title: text.state.connecting,
  line: text.state.asking,
  problem: undefined,
}

function presentLost(problem: Problem): Presentation {
  if (problem.code === 'HOST_MISSING')
    return {
      state: 'host-missing',
      tone: 'stop',
      title: text.state.notRecording,
      line: text.state.noTracker,
      problem,
    }
  return {
    state: 'disconnected',
    tone: 'stop',
    title: text.state.lost,
    line: text.state.cannotTell,
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
        title: text.state.ready,
        line: text.state.untilYouAgree,
        problem: undefined,
      }
    case 'starting':
      return {
        state: 'starting',
        tone: 'calm',
        title: text.state.starting,
        line: text.state.firstRecord,
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
          title: waitingTitle(status, words),
          line: text.state.stillTracking,
          problem: queue.problem,
        }
      return {
        state: 'tracking',
        tone: 'good',
        title: text.state.tracking,
        line: presenceLine(status, nowMs, words),
        problem: undefined,
      }
    case 'paused':
      return {
        state: 'paused',
        tone: 'calm',
        title: state.until ? text.state.pausedUntil(words.time(state.until, nowMs)) : text.state.paused,
        line: state.until ? text.state.untilThen : text.state.untilYouResume,
        problem: undefined,
      }
    case 'suspended':
      return {
        state: 'suspended',
        tone: 'warn',
        title: text.state.suspended,
        line: state.detail || text.state.untilPluggedIn,
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
  return { state: 'blocked', tone: 'stop', title: text.state.notRecording, line: undefined, problem }
}

/** Files are uploaded to a bucket. A folder may be on this computer, and then nothing is uploaded anywhere. */
function waitingTitle({ destination, queue }: Status, words: TimeWords): string {
  const files = words.number(queue.items)
  return destination.kind === 's3' ? text.state.waitingToUpload(files) : text.state.waitingForFolder(files)
}
