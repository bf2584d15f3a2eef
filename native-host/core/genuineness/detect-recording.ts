import { AppError } from '../../../protocol/errors.ts'
import { parseRecordingLine, recordingHeader } from '../recording.ts'
import type { DetectorLimits, Stretch } from './detector.ts'
import { createSessionJudge, type SessionSummary } from './judge-session.ts'

/** What is said of a recording; the times are milliseconds since the session began. */
export type Finding =
  | { kind: 'stretch'; session: string; stretch: Stretch }
  | { kind: 'session'; session: string; summary: SessionSummary }

const none: Finding[] = []

/** Judges a recording line by line. The lines of a session must stand together. */
export function createRecordingJudge(name: string, limits: DetectorLimits) {
  let lineNumber = 0
  let session: { name: string; judge: ReturnType<typeof createSessionJudge> } | undefined

  return {
    /** @throws AppError RECORDING_INVALID */
    line(text: string): Finding[] {
      lineNumber++
      if (lineNumber === 1) {
        if (text.trim() === recordingHeader) return none
        throw new AppError('RECORDING_INVALID', { detail: `${name}:1, not "${recordingHeader}"` })
      }
      if (text === '' || text === '\r') return none
      const recorded = parseRecordingLine(text, `${name}:${lineNumber}`)
      const ended = session?.name === recorded.session ? none : end()
      session ??= { name: recorded.session, judge: createSessionJudge(limits) }
      session.judge.add(recorded.event)
      if (!session.judge.hasEnded()) return ended
      return [...ended, ...asFindings(session.name, session.judge.take())]
    },

    /** @throws AppError RECORDING_INVALID when there was not even a first line */
    end(): Finding[] {
      if (lineNumber === 0) throw new AppError('RECORDING_INVALID', { detail: `${name} is empty` })
      return end()
    },
  }

  function end(): Finding[] {
    if (!session) return none
    const { stretches, summary } = session.judge.end()
    const findings: Finding[] = [
      ...asFindings(session.name, stretches),
      { kind: 'session', session: session.name, summary },
    ]
    session = undefined
    return findings
  }
}

function asFindings(session: string, stretches: Stretch[]): Finding[] {
  return stretches.map(stretch => ({ kind: 'stretch', session, stretch }))
}
