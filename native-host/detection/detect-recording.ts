import { AppError } from '../../protocol/errors.ts'
import { isRecordingHeader, parseRecordingLine, recordingHeader } from '../input/recording.ts'
import type { DetectorLimits, Stretch } from './detector.ts'
import { createSessionJudge, type SessionSummary } from './judge-session.ts'

/** What is said of a recording; the times are milliseconds since the session began. */
export type Finding =
  | { kind: 'stretch'; session: string; stretch: Stretch }
  | { kind: 'session'; session: string; summary: SessionSummary }

type SessionJudge = ReturnType<typeof createSessionJudge>

const none: Finding[] = []
/** A recording of several computers in the order of time has its sessions side by side. */
export const mostSideBySide = 32

/** Judges a recording line by line. What is known of a session is said when 32 others had lines since its last one. */
export function createRecordingJudge(name: string, limits: DetectorLimits) {
  let lineNumber = 0
  /** The one that had a line last is the last. */
  const sessions = new Map<string, SessionJudge>()
  let current: { session: string; judge: SessionJudge } | undefined

  return {
    /** @throws AppError RECORDING_INVALID */
    line(text: string): Finding[] {
      lineNumber++
      if (lineNumber === 1) {
        if (isRecordingHeader(text)) return none
        throw new AppError('RECORDING_INVALID', { detail: `${name}:1, not "${recordingHeader}"` })
      }
      if (text === '' || text === '\r') return none
      const recorded = parseRecordingLine(text)
      if (!recorded) throw new AppError('RECORDING_INVALID', { detail: `${name}:${lineNumber}` })
      const { session, event } = recorded
      const isOther = current?.session !== session
      if (!current || isOther) current = { session, judge: turnTo(session) }
      const { judge } = current
      judge.add(event)
      const ended = isOther && sessions.size > mostSideBySide ? endOldest() : none
      return judge.hasEnded() ? [...ended, ...asFindings(session, judge.take())] : ended
    },

    /** @throws AppError RECORDING_INVALID when there was not even a first line */
    end(): Finding[] {
      if (lineNumber === 0) throw new AppError('RECORDING_INVALID', { detail: `${name} is empty` })
      const findings: Finding[] = []
      while (sessions.size > 0) findings.push(...endOldest())
      return findings
    },
  }

  function turnTo(session: string): SessionJudge {
    const judge = sessions.get(session) ?? createSessionJudge(limits)
    sessions.delete(session)
    sessions.set(session, judge)
    return judge
  }

  function endOldest(): Finding[] {
    const [oldest] = sessions
    if (!oldest) return none
    const [session, judge] = oldest
    sessions.delete(session)
    const { stretches, summary } = judge.end()
    return [...asFindings(session, stretches), { kind: 'session', session, summary }]
  }
}

function asFindings(session: string, stretches: Stretch[]): Finding[] {
  return stretches.map(stretch => ({ kind: 'stretch', session, stretch }))
}
