import { AppError } from '../../../protocol/errors.ts'
import { parseRecordingLine, type RecordedEvent, recordingHeader } from '../recording.ts'
import { createDetector, type DetectorLimits, type Stretch } from './detector.ts'

/** What is said of a recording; the times are milliseconds since the session began. */
export type Finding =
  | { kind: 'stretch'; session: string; stretch: Stretch }
  | {
      kind: 'session'
      session: string
      activeMs: number
      flaggedMs: number
      firstFlagMs: number | undefined
      /** Events whose time was before that of the event before them; they were taken as simultaneous. */
      repaired: number
    }

/** As often as a live agent looks. */
const settleEveryMs = 10_000
/** Nobody is at work longer than this without any event. */
const longestLullMs = 5000

/**
 * Judges a recording as a live agent would have: in order, knowing nothing that comes later. The lines of a session
 * must stand together.
 */
export function createRecordingJudge(name: string, limits: DetectorLimits) {
  let lineNumber = 0
  let session: ReturnType<typeof judgeSession> | undefined
  let sessionName: string | undefined

  return {
    /** @throws AppError RECORDING_INVALID */
    line(text: string): Finding[] {
      lineNumber++
      if (lineNumber === 1) {
        if (text.trim() === recordingHeader) return []
        throw new AppError('RECORDING_INVALID', { detail: `${name}:1, not "${recordingHeader}"` })
      }
      if (text === '') return []
      const recorded = parseRecordingLine(text, `${name}:${lineNumber}`)
      const ended = sessionName === recorded.session ? [] : this.end()
      session ??= judgeSession(recorded.session, limits)
      sessionName = recorded.session
      session.add(recorded)
      return ended.length > 0 ? ended : session.findings()
    },

    end(): Finding[] {
      const ended = session?.end() ?? []
      session = undefined
      sessionName = undefined
      return ended
    },
  }
}

function judgeSession(session: string, limits: DetectorLimits) {
  const detector = createDetector(() => limits)
  const none: Finding[] = []
  let lastAt: number | undefined
  let nextLook = 0
  let activeMs = 0
  let flaggedMs = 0
  let firstFlagMs: number | undefined
  let repaired = 0

  return {
    add({ event }: RecordedEvent): void {
      const last = lastAt ?? event.at
      if (event.at < last) {
        repaired++
        event.at = last
      }
      if (lastAt === undefined) nextLook = event.at + settleEveryMs
      activeMs += Math.min(longestLullMs, event.at - last)
      lastAt = event.at
      if (event.at >= nextLook) {
        detector.settle(nextLook)
        // What a lull of any length ends was ended by the first look into it.
        nextLook += settleEveryMs * (1 + Math.floor((event.at - nextLook) / settleEveryMs))
        detector.settle(nextLook - settleEveryMs)
      }
      detector.observeOne(event)
    },
    findings: () => (detector.hasEnded() ? tell('ended') : none),
    end(): Finding[] {
      detector.settle((lastAt ?? 0) + settleEveryMs)
      const stretches = tell('all')
      return [...stretches, { kind: 'session', session, activeMs, flaggedMs, firstFlagMs, repaired }]
    },
  }

  function tell(which: 'ended' | 'all'): Finding[] {
    return detector.take(which).map(stretch => {
      flaggedMs += stretch.to - stretch.from
      firstFlagMs ??= stretch.flaggedAt
      return { kind: 'stretch', session, stretch }
    })
  }
}
