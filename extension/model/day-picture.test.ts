import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { reportMonth } from '../../test/support/report-month.ts'
import { hoursOf } from './day-hours.ts'
import { dayPicture, type Part, type PictureDay, partAfterKey, placeOn } from './day-picture.ts'

const utc = (from: string, to: string) => ({ from: `2026-11-19T${from}:00Z`, to: `2026-11-19T${to}:00Z` })
const day: PictureDay = {
  date: '2026-11-19',
  zones: [{ zone: 'UTC', from: '2026-11-19T00:00:00Z', to: '2026-11-20T00:00:00Z' }],
  spans: [
    { lane: 'gap', cause: 'computer-off', ...utc('00:00', '08:20') },
    { lane: 'active', ...utc('08:20', '10:00') },
    { lane: 'flagged', ...utc('09:00', '09:04') },
    { lane: 'paused', cause: 'paused', ...utc('10:00', '10:30') },
    { lane: 'active', ...utc('10:30', '14:10') },
    { lane: 'gap', cause: 'computer-off', from: '2026-11-19T14:10:00Z', to: '2026-11-20T00:00:00Z' },
  ],
  slots: [
    { slot: 50, active: 300, flagged: 0 },
    { slot: 54, active: 540, flagged: 240 },
    { slot: 63, active: 60, flagged: 0 },
  ],
  flags: [
    {
      ...utc('09:00', '09:04'),
      verdict: 'scripted',
      seconds: 240,
      discarded: false,
      withdrawn: false,
      evidence: [],
    },
  ],
  screenshots: [
    { at: '2026-11-19T08:25:00Z', zone: 'UTC', state: 'delivered', display: 1, of: 2 },
    { at: '2026-11-19T08:25:00Z', zone: 'UTC', state: 'delivered', display: 2, of: 2 },
    { at: '2026-11-19T08:30:00Z', zone: 'UTC', state: 'skipped', reason: 'unchanged' },
  ],
}
const hour = (clock: number) => Date.parse('2026-11-19T00:00:00Z') + clock * 3_600_000
const partsIn = (row: Part['row'], of = day) => dayPicture(of)?.parts.filter(part => part.row === row) ?? []

describe('the window', () => {
  const windowOf = (of: PictureDay, nowMs?: number) => {
    const axis = dayPicture(of, nowMs)?.axis
    return axis && [axis.startMs, axis.endMs].map(ms => (ms - hour(0)) / 3_600_000)
  }
  const without: PictureDay = { ...day, spans: day.spans.slice(0, 1), slots: [], flags: [], screenshots: [] }
  const brief: PictureDay = { ...without, slots: [{ slot: 141, active: 5, flagged: 0 }] }
  const rows: [name: string, window: unknown, expected: unknown][] = [
    ['whole hours around what happened; the night is folded away', windowOf(day), [8, 15]],
    ['it goes on to now', windowOf(day, hour(17.2)), [8, 18]],
    ['another day has no now in it', windowOf(day, hour(40)), [8, 15]],
    ['four hours at least, within the day', windowOf(brief), [20, 24]],
    ['the whole day where nothing happened', windowOf(without), [0, 24]],
    [
      'what a proof hides is shown',
      windowOf({ ...day, hidden: [{ kind: 'withheld', ...utc('03:00', '08:20') }] }),
      [3, 15],
    ],
  ]
  for (const [name, window, expected] of rows) test(name, () => assert.deepEqual(window, expected))
})

test('a bar is ten minutes, and what was flagged of it stands apart', () => {
  const [first, second] = partsIn('bars')
  assert.ok(first?.row === 'bars' && second?.row === 'bars')
  assert.deepEqual([first.fromMs, first.toMs], [hour(0) + 50 * 600_000, hour(0) + 51 * 600_000])
  assert.deepEqual([first.genuine, first.flagged, second.genuine, second.flagged], [300, 0, 300, 240])
})

test('what was discarded is not taken out of a bar twice', () => {
  const discarded = { ...day, flags: day.flags.map(flag => ({ ...flag, discarded: true })) }
  const bar = partsIn('bars', discarded)[1]
  assert.ok(bar?.row === 'bars')
  assert.deepEqual([bar.genuine, bar.flagged], [540, 240])
})

test('the ribbon has no two things in one place: flags are outlined instead', () => {
  const kinds = partsIn('presence').map(part => 'span' in part && part.span.lane)
  assert.deepEqual(kinds, ['gap', 'active', 'paused', 'active', 'gap'])
  assert.deepEqual(dayPicture(day)?.flagged, [{ fromMs: hour(9), toMs: hour(9) + 240_000 }])
  const withdrawn = { ...day, flags: day.flags.map(flag => ({ ...flag, withdrawn: true })) }
  assert.deepEqual(dayPicture(withdrawn)?.flagged, [])
})

test('screens that were taken together are one mark, and one that was not taken is none', () => {
  assert.deepEqual(
    partsIn('shots').map(part => part.row === 'shots' && part.shots.length),
    [2],
  )
})

test('what the window cuts is cut in the picture', () => {
  const axis = dayPicture(day)?.axis
  const [night] = partsIn('presence')
  assert.ok(axis && night)
  assert.deepEqual(placeOn(axis, night), { at: 0, length: 1 / 21 })
})

describe('keys', () => {
  const parts = dayPicture(day)?.parts ?? []
  const go = (from: string, key: string) =>
    partAfterKey(
      parts,
      parts.find(part => part.key === from),
      key,
    )?.key
  const rows: [from: string, key: string, to: string | undefined][] = [
    ['bar 50', 'ArrowRight', 'bar 54'],
    ['bar 50', 'ArrowLeft', undefined],
    ['bar 50', 'End', 'bar 63'],
    ['bar 63', 'Home', 'bar 50'],
    ['bar 54', 'ArrowDown', 'active 2026-11-19T08:20:00Z'],
    ['active 2026-11-19T08:20:00Z', 'ArrowDown', 'shot 2026-11-19T08:25:00Z'],
    ['shot 2026-11-19T08:25:00Z', 'ArrowDown', undefined],
    ['paused 2026-11-19T10:00:00Z', 'ArrowUp', 'bar 63'],
    ['bar 50', 'x', undefined],
  ]
  for (const [from, key, to] of rows)
    test(`${key} on ${from} goes to ${to}`, () => assert.equal(go(from, key), to))
})

describe('the hours of a day', () => {
  test('add up to its bars', () => {
    for (const { days } of reportMonth().devices)
      for (const one of days) {
        const sum = (of: readonly { active: number }[]) => of.reduce((total, { active }) => total + active, 0)
        assert.equal(sum(hoursOf(one)), sum(one.slots), one.date)
      }
  })

  test('when summer time ends, the hour that comes twice is there twice, each with its offset', () => {
    const autumn = reportMonth().devices[0]?.days.find(({ date }) => date === '2026-10-25')
    assert.ok(autumn)
    assert.deepEqual(
      hoursOf(autumn).map(({ minute, offset }) => [minute / 60, offset]),
      [
        [2, '+02:00'],
        [2, '+01:00'],
        [3, '+01:00'],
      ],
    )
  })

  test('of two zones each has its own', () => {
    const flight = reportMonth().devices[0]?.days.find(({ zones }) => zones.length === 2)
    assert.ok(flight)
    const offsets = new Set(hoursOf(flight).map(({ offset }) => offset))
    assert.deepEqual([...offsets], ['+02:00', '+05:30'])
  })

  test('screenshots that were taken are counted', () =>
    assert.deepEqual(
      hoursOf(day).map(({ shots }) => shots),
      [2, 0, 0],
    ))
})
