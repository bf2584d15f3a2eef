import type { Figure } from '../../bench/figure.ts'
import { textTable } from '../../bench/text-table.ts'
import { goals, unseenGoal } from './families.ts'
import type { Alarms, HumanFigures } from './humans.ts'
import { wanderers } from './made-up-pointers.ts'
import { upperBound } from './poisson.ts'
import { isWork } from './split.ts'
import { type Delay, type FamilyFigures, foundWithin, medianDelayS } from './tools.ts'

const hourMs = 3_600_000
/** No person may come nearer to a limit than this. */
const highestOfPeople = 0.8

export function humansTable(rows: readonly HumanFigures[]): string {
  const cells = rows.map(row => {
    const share = ({ flaggedMs }: Alarms) => percent(flaggedMs / row.activeMs, 2)
    const { low, normal, high, jump, six } = row.alarms
    return [
      row.set,
      row.channel,
      String(row.users),
      (row.activeMs / hourMs).toFixed(1),
      `${share(low)} ${low.stretches}`,
      `${share(normal)} ${normal.stretches}`,
      `${share(high)} ${high.stretches}`,
      per40Hours(normal.stretches, row.activeMs),
      String(Math.max(...[...normal.byUser.values()].map(({ stretches }) => stretches))),
      share(jump),
      share(six),
    ]
  })
  return titled(
    'People: share of active time flagged, and stretches. Judged by a model of the other half of the people.',
    [
      'set',
      'channel',
      'people',
      'active h',
      'low',
      'normal',
      'high',
      'per 40 h (95 %)',
      'worst user',
      'jump rule',
      'six rules',
    ],
    cells,
  )
}

function per40Hours(stretches: number, activeMs: number): string {
  const scale = (40 * hourMs) / activeMs
  return `${(stretches * scale).toFixed(1)} (< ${(upperBound(stretches) * scale).toFixed(1)})`
}

export function marginsTable(rows: readonly HumanFigures[]): string {
  const cells = [...marginsOf(rows)].map(([feature, { fitting, reporting, where }]) => [
    feature,
    fitting.toFixed(2),
    reporting.toFixed(2),
    where,
  ])
  return titled(
    'How near people came to the limit of each rule (1 is the limit of normal, 0.7 of high), all channels',
    ['rule', 'those it was set on', 'the others', 'highest where'],
    cells,
  )
}

function marginsOf(rows: readonly HumanFigures[]) {
  const margins = new Map<string, { fitting: number; reporting: number; where: string }>()
  for (const { set, channel, highest } of rows)
    for (const [feature, levels] of highest) {
      const known = margins.getOrInsertComputed(feature, () => ({ fitting: 0, reporting: 0, where: '' }))
      const top = Math.max(levels.fitting, levels.reporting)
      if (top > Math.max(known.fitting, known.reporting)) known.where = `${set}, ${channel}`
      known.fitting = Math.max(known.fitting, levels.fitting)
      known.reporting = Math.max(known.reporting, levels.reporting)
    }
  return margins
}

export function familiesTable(rows: readonly FamilyFigures[]): string {
  const cells = rows.map(row => {
    const byChannel = row.known ?? row.unseen
    const native = nativeOf(byChannel)
    const [worst, worstChannel] = worstOf(byChannel)
    return [
      row.family,
      String(native.length),
      ...[30, 60, 120, 240].map(within => share(native, within)),
      Number.isFinite(medianDelayS(native)) ? medianDelayS(native).toFixed(0) : '–',
      `${percent(worst, 0)} ${worstChannel}`,
      row.known || row.family in wanderers ? share(nativeOf(row.unseen), unseenGoal.withinS) : '',
      percent(overlapOf(row), 0),
      share(row.jump, 60),
      share(row.six, 60),
    ]
  })
  return titled(
    'Tools: share found within so many seconds, looked at from several moments of each run',
    [
      'family',
      'n',
      '30 s',
      '60 s',
      '120 s',
      '240 s',
      'median s',
      '120 s, worst channel',
      'unseen, 180 s',
      'overlap',
      'jump rule, 60 s',
      'six rules, 60 s',
    ],
    cells,
  )
}

export function figuresOf(humans: readonly HumanFigures[], families: readonly FamilyFigures[]): Figure[] {
  return [...humanFigures(humans), ...families.flatMap(goalFigures), ...unseenFigures(families)]
}

function humanFigures(rows: readonly HumanFigures[]): Figure[] {
  const margins = [...marginsOf(rows.filter(isWork)).values()].flatMap(({ fitting, reporting }) => [
    fitting,
    reporting,
  ])
  const native = rows.filter(({ channel }) => channel === 'native')
  const sum = (of: readonly HumanFigures[], value: (row: HumanFigures) => number) =>
    of.reduce((total, row) => total + value(row), 0)
  const stretches = (of: readonly HumanFigures[]) =>
    (sum(of, row => row.alarms.normal.stretches) * 40 * hourMs) / sum(of, row => row.activeMs)
  return [
    {
      name: 'people, active time flagged, worst channel',
      value: 100 * Math.max(...[...Map.groupBy(rows, ({ channel }) => channel).values()].map(flaggedShare)),
      unit: '%',
      limit: 0.1,
    },
    { name: 'people, flagged stretches, as recorded', value: stretches(native), unit: 'in 40 h', limit: 1 },
    { name: 'people, flagged stretches, all channels', value: stretches(rows), unit: 'in 40 h', limit: 1 },
    { name: 'people, worst user by the mean', value: worstUser(native), unit: '×', limit: 3 },
    {
      name: 'people at work, nearest to the limit of any rule',
      value: Math.max(...margins),
      unit: 'of it',
      limit: highestOfPeople,
    },
    {
      name: 'cost of an event',
      value: (1000 * sum(rows, row => row.judgingMs)) / sum(rows, row => row.events),
      unit: 'µs',
      limit: 2,
    },
  ]
}

function flaggedShare(rows: readonly HumanFigures[]): number {
  const flaggedMs = rows.reduce((sum, { alarms }) => sum + alarms.normal.flaggedMs, 0)
  return flaggedMs / rows.reduce((sum, row) => sum + row.activeMs, 0)
}

/** One stretch of one person says nothing about the spread over people, so it takes two to be worse than others. */
function worstUser(rows: readonly HumanFigures[]): number {
  const counts = rows.flatMap(({ alarms }) =>
    [...alarms.normal.byUser.values()].map(({ stretches }) => stretches),
  )
  const worst = Math.max(...counts)
  return worst < 2 ? 0 : (worst * counts.length) / counts.reduce((sum, count) => sum + count, 0)
}

function goalFigures(row: FamilyFigures): Figure[] {
  const native = nativeOf(row.known ?? row.unseen)
  return (goals[row.family] ?? []).map(goal => ({
    name: `${row.family}, found within ${goal.withinS} s`,
    value: 100 * foundWithin(native, goal.withinS),
    unit: '%',
    atLeast: 100 * goal.share,
    ...(goal.because !== undefined && { because: goal.because }),
  }))
}

function unseenFigures(rows: readonly FamilyFigures[]): Figure[] {
  const unseen = rows.filter(({ family, known }) => known || family in wanderers)
  const promised = rows.filter(({ family }) => family in goals)
  return [
    {
      name: `unseen generators, found within ${unseenGoal.withinS} s`,
      value: 100 * mean(unseen.map(row => foundWithin(nativeOf(row.unseen), unseenGoal.withinS))),
      unit: '%',
      atLeast: 100 * unseenGoal.share,
    },
    {
      name: 'scripts of 1 to 10 min among work, overlap',
      value: 100 * mean(promised.map(overlapOf)),
      unit: '%',
      atLeast: 80,
    },
  ]
}

export function nativeOf(byChannel: Map<string, Delay[]>): Delay[] {
  return byChannel.get('native') ?? []
}

function worstOf(byChannel: Map<string, Delay[]>): [share: number, channel: string] {
  const shares = [...byChannel].map(([channel, delays]): [number, string] => [
    foundWithin(delays, 120),
    channel,
  ])
  return shares.sort(([a], [b]) => a - b)[0] ?? [Number.NaN, '']
}

function overlapOf({ overlaps }: FamilyFigures): number {
  return mean(overlaps.map(({ overlap }) => overlap))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function share(delays: readonly Delay[], within: number): string {
  return percent(foundWithin(delays, within), 0)
}

function percent(value: number, digits: number): string {
  return Number.isNaN(value) ? '–' : `${(100 * value).toFixed(digits)} %`
}

function titled(title: string, head: string[], cells: string[][]): string {
  return `${title}\n\n${textTable(head, cells)}\n`
}
