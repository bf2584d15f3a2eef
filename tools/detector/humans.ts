import type { Strictness } from '../../native-host/detection/detector.ts'
import type { PointerWeights } from '../../native-host/detection/rules/pointer-model.ts'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import { jumpRule, sixRules } from './baselines.ts'
import { channelsOf } from './channels.ts'
import { highestLevels, type Judge, ourJudge, type Span } from './judges.ts'
import { activeMs, type Session } from './recordings.ts'
import { isForFitting } from './split.ts'

export type Alarms = {
  stretches: number
  flaggedMs: number
  byUser: Map<string, { flaggedMs: number; stretches: number }>
}
export type HumanFigures = {
  set: string
  channel: string
  users: number
  activeMs: number
  alarms: Record<Strictness | 'jump' | 'six', Alarms>
  /** Of each rule the highest level of those whom the limits were set on, and of the others. */
  highest: Map<string, { fitting: number; reporting: number }>
  events: number
  /** Of computing time, since others may be busy too. */
  judgingMs: number
}

/** @param weightsFor a model that was not fitted to this person */
export function measureHumans(
  people: readonly Session[],
  weightsFor: (session: Session) => PointerWeights,
): HumanFigures[] {
  const rows = new Map<string, HumanFigures>()
  for (const session of people)
    for (const [channel, through] of Object.entries(channelsOf(session.set))) {
      const row = rows.getOrInsertComputed(`${session.set} ${channel}`, () => emptyRow(session.set, channel))
      addSession(row, session, through(session.events), weightsFor(session))
    }
  for (const row of rows.values()) row.users = row.alarms.normal.byUser.size
  return [...rows.values()]
}

function addSession(row: HumanFigures, session: Session, events: InputEvent[], weights: PointerWeights) {
  row.activeMs += activeMs(events)
  row.events += events.length
  const before = process.cpuUsage()
  addAlarms(row.alarms.normal, session, events, ourJudge('normal', weights))
  row.judgingMs += process.cpuUsage(before).user / 1000
  addAlarms(row.alarms.low, session, events, ourJudge('low', weights))
  addAlarms(row.alarms.high, session, events, ourJudge('high', weights))
  addAlarms(row.alarms.jump, session, events, jumpRule)
  addAlarms(row.alarms.six, session, events, sixRules)
  const half = isForFitting(session) ? 'fitting' : 'reporting'
  for (const { feature, level } of highestLevels(events, weights)) {
    const known = row.highest.getOrInsertComputed(feature, () => ({ fitting: 0, reporting: 0 }))
    known[half] = Math.max(known[half], level)
  }
}

function addAlarms(alarms: Alarms, { user }: Session, events: InputEvent[], judge: Judge): void {
  const spans = judge.spans(events)
  const flaggedMs = activeWithin(events, spans)
  alarms.stretches += spans.length
  alarms.flaggedMs += flaggedMs
  const theirs = alarms.byUser.getOrInsertComputed(user, () => ({ flaggedMs: 0, stretches: 0 }))
  theirs.flaggedMs += flaggedMs
  theirs.stretches += spans.length
}

/** No person loses time without input. */
function activeWithin(events: readonly InputEvent[], spans: readonly Span[]): number {
  return spans.reduce(
    (sum, { from, to }) => sum + activeMs(events.filter(({ at }) => at >= from && at <= to)),
    0,
  )
}

function emptyRow(set: string, channel: string): HumanFigures {
  const none = (): Alarms => ({ stretches: 0, flaggedMs: 0, byUser: new Map() })
  const alarms = { low: none(), normal: none(), high: none(), jump: none(), six: none() }
  return { set, channel, users: 0, activeMs: 0, alarms, highest: new Map(), events: 0, judgingMs: 0 }
}
