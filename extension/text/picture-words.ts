import type { ReportScreenshot, ReportTotals } from '../../protocol/report.ts'
import type { HiddenSpan, Part, PictureDay } from '../model/day-picture.ts'
import { text } from './catalogue.ts'
import { describeSeconds, describeTotal } from './durations.ts'
import { type ClockWords, clockTime, laneTitles, lengthOf, timesOf, whyOf } from './lane-words.ts'

type Described = {
  /** Such as 10:30–10:40. */
  times: string
  what: string
}

/** What a part of the day picture says, for eyes and for a screen reader. */
export function describePart(part: Part, day: PictureDay, words: ClockWords): Described {
  const ends = { from: instantOf(part.fromMs), to: instantOf(part.toMs) }
  switch (part.row) {
    case 'bars': {
      const active = text.activity.active(describeSeconds(part.genuine + part.flagged))
      const flagged = text.activity.flagged(describeSeconds(part.flagged))
      const what = part.flagged > 0 ? text.picture.both(active, flagged) : active
      return { times: timesOf(ends, day, words), what }
    }
    case 'presence': {
      const what =
        'hidden' in part
          ? text.picture.hidden[part.hidden]
          : text.lanes.detail({
              lane: laneTitles[part.span.lane],
              length: lengthOf(part.span),
              why: whyOf(part.span, day, words),
            })
      return { times: timesOf('hidden' in part ? ends : part.span, day, words), what }
    }
    case 'shots': {
      const [first] = part.shots
      const what =
        part.shots.length > 1
          ? `${describeShots(part.shots)} (${text.shots.screens(part.shots.length)})`
          : first
            ? describeShot(first)
            : ''
      return { times: clockTime(ends.from, day, words), what }
    }
    default:
      throw part satisfies never
  }
}

function describeShots(shots: readonly ReportScreenshot[]): string {
  return [...new Set(shots.map(shot => stateOf(shot)))].join(', ')
}

/** What became of a screenshot, or why there is none. */
export function describeShot(shot: ReportScreenshot): string {
  const { display, of, asked_by: program } = shot
  const state = stateOf(shot)
  const ofScreens =
    display !== undefined && of !== undefined && of > 1 ? text.shots.screen(state, display, of) : state
  return program === undefined ? ofScreens : text.shots.askedBy(ofScreens, program)
}

function stateOf({ state, blurred, reason, code = '' }: ReportScreenshot): string {
  switch (state) {
    case 'delivered':
      return blurred ? text.shots.blurred : text.shots.delivered
    case 'failed':
      return text.shots.failed(code)
    case 'skipped':
      return text.shots.reasons[reason ?? 'user']
    case 'deleted':
    case 'on-its-way':
    case 'missing':
    case 'withheld':
      return text.shots[state]
    default:
      throw state satisfies never
  }
}

export function hiddenTitle(kind: HiddenSpan['kind']): string {
  return text.picture.legend[kind]
}

export function describeTotals({ active, there, idle, paused, gap, flagged }: ReportTotals): string {
  const summary = text.picture.summary({
    active: describeTotal(active),
    there: describeTotal(there),
    idle: describeTotal(idle),
    paused: describeTotal(paused),
    gaps: describeTotal(gap),
  })
  return flagged > 0 ? summary + text.picture.summaryFlagged(describeTotal(flagged)) : summary
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString()
}
