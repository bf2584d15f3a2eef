import {
  activityPercent,
  type Report,
  type ReportDay,
  type ReportScreenshot,
  screenshotStates,
} from '../../protocol/report.ts'
import { type DayGroup, type Grouping, groupDays } from './group-days.ts'

/**
 * The tables that a report is written as, for spreadsheets and databases. One row of this code is a column in CSV, NDJSON and
 * Parquet, and a line in the codebook of docs/reading.md.
 */
export type ColumnType = 'text' | 'integer' | 'number' | 'yes or no' | 'time'
export type Cell = string | number | boolean | null
export type Column<Row> = {
  name: string
  type: ColumnType
  /** "" for what has none. */
  unit: string
  meaning: string
  of(row: Row): Cell
}
export type Table = { columns: Omit<Column<never>, 'of'>[]; rows: Iterable<readonly Cell[]> }

/** A row of a table that stands for a part of a day. */
type Part<P> = { person: string; device: string; date: string; part: P }

const groupColumns: Column<DayGroup>[] = [
  text(
    'person',
    'The folders between the source and the device, such as the prefix of a person in a team; empty without any.',
    row => row.person,
  ),
  text('device', 'The device’s own id; empty in a row of a person.', row => row.device),
  text(
    'period',
    'The date, week (ISO 8601), or month; empty in a row of a device or person.',
    row => row.period,
  ),
  text('zones', 'The time zones of these days, in their order, with ";" between them.', row =>
    [...new Set(row.days.flatMap(({ zones }) => zones.map(({ zone }) => zone)))].join(';'),
  ),
  integer('days', 'days', 'Dates with a record.', row => row.days.length),
  integer(
    'active_s',
    'seconds',
    'Seconds with input. Flagged ones are in it, unless the setting says to discard them.',
    row => row.totals.active,
  ),
  {
    ...integer(
      'activity_percent',
      '%',
      'Share of the time at the computer that had input: active_s of there_s and idle_s together.',
      row => Math.round(activityPercent(row.totals) * 100) / 100,
    ),
    type: 'number',
  },
  integer(
    'there_s',
    'seconds',
    'The person was there: there was input, or not long ago.',
    row => row.totals.there,
  ),
  integer(
    'idle_s',
    'seconds',
    'The tracker ran and the person was idle, or the screen was locked.',
    row => row.totals.idle,
  ),
  integer(
    'flagged_s',
    'seconds',
    'Active seconds that look scripted, counted or discarded; without those that the person withdrew.',
    row => row.totals.flagged,
  ),
  integer('paused_s', 'seconds', 'Tracking was paused.', row => row.totals.paused),
  integer(
    'gap_s',
    'seconds',
    'Nothing was recorded, for a cause that the table "spans" names.',
    row => row.totals.gap,
  ),
  integer('keys', 'key presses', 'How many, never which.', row => row.totals.keys),
  integer('clicks', 'clicks', 'Of any button.', row => row.totals.clicks),
  integer('wheel', 'steps', 'Of the wheel, in any direction.', row => row.totals.wheel),
  integer('distance_px', 'pixels', 'How far the pointer moved.', row => row.totals.distance_px),
  ...screenshotStates
    .filter(state => state !== 'withheld')
    .map(state =>
      integer(
        `screenshots_${state.replaceAll('-', '_')}`,
        'screenshots',
        `In the state "${state}"; see the table "screenshots".`,
        (row: DayGroup) => countOf(row, state),
      ),
    ),
  {
    ...text(
      'proven_to',
      'Everything up to here is proven by signatures; empty when nothing is.',
      row => row.proven_to,
    ),
    type: 'time',
    unit: 'UTC',
  },
  integer(
    'findings',
    'findings',
    'What "verify" finds wrong with these devices, in all.',
    row => row.findings,
  ),
]

const spanColumns = partColumns<ReportDay['spans'][number]>([
  time('from', 'Its beginning.', span => span.from),
  time('to', 'Its end.', span => span.to),
  text(
    'lane',
    'active, idle, flagged, paused, or gap. Flagged spans are in whole minutes and lie over the active ones.',
    span => span.lane,
  ),
  text('presence', 'Of an idle span: idle, locked, asleep, or unknown.', span =>
    'presence' in span ? span.presence : null,
  ),
  text('cause', 'Of a pause or gap: why there are no records.', span =>
    'cause' in span ? span.cause : null,
  ),
  text(
    'detail',
    'More of the cause, such as the code of an error, or the program in which the person paused.',
    span => ('detail' in span ? (span.detail ?? null) : 'by' in span ? (span.by ?? null) : null),
  ),
])

const slotColumns = partColumns<ReportDay['slots'][number] & { begun: number }>([
  time('from', 'When the ten minutes began.', ({ begun, slot }) =>
    Temporal.Instant.fromEpochMilliseconds(begun + slot * 600_000).toString(),
  ),
  integer(
    'slot',
    'ten minutes',
    'Counted from 0, from the beginning of the date, in the time that really passed.',
    ({ slot }) => slot,
  ),
  integer('active_s', 'seconds', 'Seconds with input in these ten minutes.', ({ active }) => active),
  integer('flagged_s', 'seconds', 'As in the table "days".', ({ flagged }) => flagged),
])

const flagColumns = partColumns<ReportDay['flags'][number]>([
  time('from', 'Its beginning.', flag => flag.from),
  time('to', 'Its end.', flag => flag.to),
  text('verdict', 'suspect or scripted.', flag => flag.verdict),
  integer('seconds', 'seconds', 'Active seconds of it.', flag => flag.seconds),
  yes('discarded', 'They were taken out of the totals.', flag => flag.discarded),
  yes(
    'withdrawn',
    'The person said that the input was theirs: it counts as genuine.',
    flag => flag.withdrawn,
  ),
  text('evidence', 'Why, in sentences with ";" between them. Evidence, not proof.', flag =>
    flag.evidence.map(each => each.text).join('; '),
  ),
])

const screenshotColumns = partColumns<ReportScreenshot>([
  time('at', 'When it was taken or was due.', shot => shot.at),
  text('zone', 'The time zone then.', shot => shot.zone),
  text('state', `What became of it: ${screenshotStates.join(', ')}.`, shot => shot.state),
  integer('display', '', 'The screen, counted from 1.', shot => shot.display ?? null),
  integer('of', 'screens', 'How many were taken together.', shot => shot.of ?? null),
  integer('width', 'pixels', 'Of the picture.', shot => shot.width ?? null),
  integer('height', 'pixels', 'Of the picture.', shot => shot.height ?? null),
  yes('blurred', 'It was blurred before it was delivered.', shot => shot.blurred ?? null),
  text('object', 'The key of the encrypted file.', shot => shot.object ?? null),
  text('asked_by', 'The program in which the person asked for it.', shot => shot.asked_by ?? null),
  text('reason', 'Why it was skipped.', shot => shot.reason ?? null),
  text('code', 'Why it failed.', shot => shot.code ?? null),
])

export const tableNames = ['days', 'spans', 'slots', 'flags', 'screenshots'] as const
export type TableName = (typeof tableNames)[number]

type Made = {
  what: string
  columns: Omit<Column<never>, 'of'>[]
  rowsOf(report: Report, by: Grouping): Iterable<readonly Cell[]>
}

export const reportTables: Record<TableName, Made> = {
  days: made(
    'One row for each person, device and date; with `--group-by` for each week, month, device or person.',
    groupColumns,
    (report, by) => groupDays(report, by),
  ),
  spans: made(
    'Presence, pauses and gaps of each day. A span lies on one date.',
    spanColumns,
    parts(day => day.spans),
  ),
  slots: made(
    'Ten minutes with input.',
    slotColumns,
    parts(day =>
      day.slots.map(slot => ({ ...slot, begun: Date.parse(day.zones[0]?.from ?? `${day.date}T00:00:00Z`) })),
    ),
  ),
  flags: made(
    'Stretches of input that look scripted, with why.',
    flagColumns,
    parts(day => day.flags),
  ),
  screenshots: made(
    'Screenshots that were taken or were due.',
    screenshotColumns,
    parts(day => day.screenshots),
  ),
}

export function tableOf(report: Report, name: TableName, by: Grouping): Table {
  const { columns, rowsOf } = reportTables[name]
  return { columns, rows: rowsOf(report, by) }
}

function made<Row>(
  what: string,
  columns: Column<Row>[],
  rowsOf: (report: Report, by: Grouping) => Iterable<Row>,
): Made {
  return {
    what,
    columns: columns.map(({ of: _, ...column }) => column),
    *rowsOf(report, by) {
      for (const row of rowsOf(report, by)) yield columns.map(column => column.of(row))
    },
  }
}

function parts<P>(of: (day: ReportDay) => readonly P[]): (report: Report) => Iterable<Part<P>> {
  return function* ({ devices }) {
    for (const { person, device, days } of devices)
      for (const day of days) for (const part of of(day)) yield { person, device, date: day.date, part }
  }
}

function partColumns<P>(own: Column<P>[]): Column<Part<P>>[] {
  return [
    text('person', 'As in the table "days".', row => row.person),
    text('device', 'As in the table "days".', row => row.device),
    text('date', 'The local date.', row => row.date),
    ...own.map(column => ({ ...column, of: ({ part }: Part<P>) => column.of(part) })),
  ]
}

function text<Row>(name: string, meaning: string, of: (row: Row) => Cell): Column<Row> {
  return { name, type: 'text', unit: '', meaning, of }
}

function integer<Row>(name: string, unit: string, meaning: string, of: (row: Row) => Cell): Column<Row> {
  return { name, type: 'integer', unit, meaning, of }
}

function yes<Row>(name: string, meaning: string, of: (row: Row) => Cell): Column<Row> {
  return { name, type: 'yes or no', unit: '', meaning, of }
}

function time<Row>(name: string, meaning: string, of: (row: Row) => Cell): Column<Row> {
  return { name, type: 'time', unit: 'UTC', meaning, of }
}

function countOf({ days }: DayGroup, state: ReportScreenshot['state']): number {
  return days.reduce(
    (sum, { screenshots }) => sum + screenshots.filter(shot => shot.state === state).length,
    0,
  )
}
