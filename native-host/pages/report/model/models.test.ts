import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReportDay } from '../../../../protocol/report.ts'
import { reportMonth } from '../../../../test/support/report-month.ts'
import { flaggedInActive, totalsOf } from './figures.ts'
import { galleryOf } from './gallery.ts'
import { gapsOf, happeningsOf } from './happenings.ts'
import { heatLevel, heatRange, heatRow } from './heat.ts'
import { hoursCsv, hoursRows, hoursTotal } from './hours.ts'
import { datesOf, mondayOf, periodOf, weekNumberOf } from './period.ts'
import { firstRoute, hashOf, routeOf } from './route.ts'

const report = reportMonth()
const days = report.devices[0]?.days ?? []

function dayOn(date: string): ReportDay {
  const day = days.find(one => one.date === date)
  assert.ok(day, date)
  return day
}

describe('the address', () => {
  const shown: [hash: string, from: string, to: string][] = [
    ['#/day/2026-10-08', '2026-10-08', '2026-10-08'],
    ['#/week/2026-W41', '2026-10-05', '2026-10-11'],
    ['#/week/2026-W53', '2026-12-28', '2027-01-03'],
    ['#/month/2026-02', '2026-02-01', '2026-02-28'],
    ['#/month/2028-02?device=3', '2028-02-01', '2028-02-29'],
  ]
  for (const [hash, from, to] of shown)
    test(`${hash} shows ${from} to ${to}, and is its address`, () => {
      const route = routeOf(hash)
      assert.deepEqual([route?.from, route?.to], [from, to])
      assert.equal(route && hashOf(route), hash)
    })

  for (const hash of [
    '',
    '#',
    '#/day/2026-02-31',
    '#/week/2026-W54',
    '#/year/2026',
    '#/day/../x',
    '#/month/2026-13',
  ])
    test(`${hash || 'an empty one'} shows nothing`, () => assert.equal(routeOf(hash), undefined))

  test('without one, a month shows its last month and a week its week', () => {
    assert.equal(hashOf(firstRoute(report)), '#/month/2026-10')
    const week = { ...report, from: '2026-10-05', to: '2026-10-11', devices: [] }
    assert.equal(hashOf(firstRoute(week)), '#/week/2026-W41')
  })
})

test('weeks of a year are those of ISO 8601', () => {
  for (const date of ['2026-01-01', '2027-01-03', '2024-12-30', '2021-01-03']) {
    const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(date)
    assert.deepEqual(weekNumberOf(date), { year: yearOfWeek, week: weekOfYear })
    assert.ok(datesOf(periodOf('week', mondayOf(yearOfWeek ?? 0, weekOfYear ?? 0))).includes(date))
  }
})

describe('hours', () => {
  const rows = hoursRows(days, { rounding: 6, flagged: 'in' })

  test('are those of the report, to the second', () => {
    const { active, there } = totalsOf(days)
    assert.deepEqual([hoursTotal(rows).active, hoursTotal(rows).there], [active, there])
    assert.equal(hoursTotal(rows).counted, active)
  })

  test('from, to, breaks and time at the computer agree', () => {
    for (const { from, to, breaks, there } of rows) {
      assert.ok(from && to)
      assert.equal((Date.parse(to) - Date.parse(from)) / 1000, breaks + there)
    }
  })

  test('flagged time is left out once: what was discarded is not in the totals anyway', () => {
    const out = hoursTotal(hoursRows(days, { rounding: 1, flagged: 'out' }))
    assert.equal(hoursTotal(rows).counted - out.counted, 220)
    assert.equal(flaggedInActive(dayOn('2026-10-28')), 0)
    assert.equal(flaggedInActive(dayOn('2026-10-20')), 0)
  })

  test('are rounded by the day, and the total is the sum of what is shown', () => {
    for (const rounding of [1, 6, 15] as const) {
      const rounded = hoursRows(days, { rounding, flagged: 'in' })
      for (const row of rounded) {
        assert.equal(row.rounded % rounding, 0)
        assert.ok(Math.abs(row.rounded - row.counted / 60) <= rounding / 2)
      }
      assert.equal(
        hoursTotal(rounded).rounded,
        rounded.reduce((sum, row) => sum + row.rounded, 0),
      )
    }
  })

  test('go into a spreadsheet as numbers', () => {
    const [header, first, ...others] = hoursCsv(rows, 6).trimEnd().split('\r\n')
    assert.equal(header?.split(',').length, 8)
    assert.match(first ?? '', /^2026-10-01,2026-10-01T[\d:]+Z,2026-10-01T[\d:]+Z(,\d+){4},\d+\.\d$/)
    assert.equal(others.length, rows.length - 1)
  })
})

describe('half hours', () => {
  test('add up to the day, also when an hour comes twice or the zone changes', () => {
    for (const day of days) {
      const sum = heatRow(day).cells.reduce((total, { active }) => total + active, 0)
      assert.equal(sum, day.totals.active, day.date)
    }
  })

  test('are whole hours of the clock, a working day at least', () => {
    assert.deepEqual(heatRange([]), { from: 16, to: 36 })
    assert.deepEqual(heatRange([heatRow(dayOn('2026-10-25'))]), { from: 4, to: 36 })
  })

  test('are darker with more', () => {
    assert.deepEqual(
      [0, 1, 360, 900, 1799, 1800, 3600].map(seconds => heatLevel(seconds)),
      [0, 1, 2, 3, 5, 5, 5],
    )
  })
})

describe('the gallery', () => {
  test('has every screenshot once, and six slots or more in every hour of one zone', () => {
    for (const day of days) {
      const cells = galleryOf(day).flatMap(hour => hour.cells)
      const shots = cells.flatMap(cell => ('shot' in cell ? [cell.shot] : []))
      assert.deepEqual(shots, day.screenshots, day.date)
      if (day.zones.length === 1)
        for (const { cells: inHour } of galleryOf(day)) assert.ok(inHour.length >= 6, day.date)
    }
  })

  test('says of every empty slot what filled it', () => {
    const kinds = galleryOf(dayOn('2026-10-08')).flatMap(hour =>
      hour.cells.flatMap(cell =>
        'empty' in cell && cell.empty.kind === 'span' ? [cell.empty.span.lane] : [],
      ),
    )
    assert.deepEqual(new Set(kinds), new Set(['gap', 'idle', 'paused']))
    const hidden: ReportDay = {
      ...dayOn('2026-10-08'),
      spans: [],
      screenshots: dayOn('2026-10-08').screenshots.slice(0, 1),
      hidden: [{ kind: 'withheld', from: '2026-10-08T08:00:00Z', to: '2026-10-08T10:00:00Z' }],
    }
    assert.ok(
      galleryOf(hidden).some(({ cells }) =>
        cells.some(cell => 'empty' in cell && cell.empty.kind === 'withheld'),
      ),
    )
  })

  test('does not say that none was due where nothing was recorded', () => {
    const day = dayOn('2026-10-08')
    const bare = { ...day, spans: [], screenshots: day.screenshots.slice(0, 1) }
    const kinds = galleryOf(bare).flatMap(({ cells }) =>
      cells.flatMap(cell => ('empty' in cell ? [cell.empty.kind] : [])),
    )
    assert.deepEqual(new Set(kinds), new Set(['no-record']))
  })

  test('is empty without screenshots', () =>
    assert.deepEqual(galleryOf({ ...dayOn('2026-10-08'), screenshots: [] }), []))
})

describe('what happened', () => {
  const kindsOn = (date: string) => happeningsOf(dayOn(date)).map(({ kind }) => kind)

  test('is in the order of time, from the first activity to the last', () => {
    for (const day of days) {
      const list = happeningsOf(day)
      assert.deepEqual(
        list.map(({ from }) => Date.parse(from)),
        list.map(({ from }) => Date.parse(from)).sort((a, b) => a - b),
      )
      assert.deepEqual(
        [list[0]?.kind, list[1]?.kind, list.at(-2)?.kind, list.at(-1)?.kind],
        ['span', 'began', 'ended', 'span'],
      )
    }
  })

  test('a crash is told as what was not intended, a night is not', () => {
    const gaps = happeningsOf(dayOn('2026-10-13')).flatMap(happening =>
      happening.kind === 'span' && happening.span.lane === 'gap'
        ? [[happening.span.cause, happening.amiss]]
        : [],
    )
    assert.deepEqual(gaps, [
      ['computer-off', false],
      ['agent-killed', true],
      ['computer-off', false],
    ])
  })

  test('a flag, also a withdrawn one, and a change of zone are in it', () => {
    assert.ok(kindsOn('2026-10-08').includes('flag'))
    assert.ok(kindsOn('2026-10-20').includes('flag'))
    assert.ok(kindsOn('2026-10-15').includes('zone'))
  })

  test('gaps of several days are summed by their cause', () => {
    const gaps = gapsOf(days)
    const ofGaps = gaps
      .filter(({ span }) => span.lane === 'gap')
      .reduce((sum, { seconds }) => sum + seconds, 0)
    assert.equal(ofGaps, totalsOf(days).gap)
    assert.deepEqual(
      gaps.map(({ span }) => span.cause),
      ['computer-off', 'paused', 'agent-killed'],
    )
  })
})
