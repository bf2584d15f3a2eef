import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slotAt } from '../../protocol/local-day.ts'
import { dayBars as barsOf, hourTotals } from './day-bars.ts'

const slotsPerDay = 144
const ordinary = { date: '2026-11-19', zone: 'Europe/London' }
const dayBars = (slots: Parameters<typeof barsOf>[0], nowSlot: number) => barsOf(slots, ordinary, nowSlot)

function day(active: Record<number, number>, flagged: Record<number, number> = {}) {
  const fill = (seconds: Record<number, number>) =>
    Array.from({ length: slotsPerDay }, (_, slot) => seconds[slot] ?? 0)
  return { slots: fill(active), flagged_slots: fill(flagged) }
}
const at = (hour: number, tenMinutes = 0) => hour * 6 + tenMinutes

test('a day without activity has no bars', () => {
  assert.deepEqual(dayBars(day({}), at(12)), [])
})

const ranges: [name: string, active: number[], now: number, fromHour: number, toHour: number][] = [
  ['whole hours from the first activity to now', [at(8, 3), at(11)], at(15, 2), 8, 16],
  ['at least four hours, into the future', [at(8, 3)], at(8, 3), 8, 12],
  ['at least four hours, backwards when the day ends', [at(23)], at(23, 5), 20, 24],
  ['from midnight to midnight', [at(0), at(23, 5)], at(23, 5), 0, 24],
  ['activity after now, when the clock was set back', [at(9), at(14)], at(10), 9, 15],
]
for (const [name, active, now, fromHour, toHour] of ranges)
  test(`shows ${name}`, () => {
    const bars = dayBars(day(Object.fromEntries(active.map(slot => [slot, 60]))), now)
    assert.equal(bars[0]?.slot, at(fromHour))
    assert.equal(bars.length, (toHour - fromHour) * 6)
  })

const parts: [name: string, active: number, flagged: number, genuine: number, shownFlagged: number][] = [
  ['all genuine', 300, 0, 300, 0],
  ['flagged seconds are part of the active ones', 300, 100, 200, 100],
  ['all flagged', 300, 300, 0, 300],
  ['flagged and discarded from the active ones', 0, 300, 0, 300],
  ['never more than ten minutes', 700, 0, 600, 0],
]
for (const [name, active, flagged, genuine, shownFlagged] of parts)
  test(`a bar: ${name}`, () => {
    const bar = dayBars(day({ [at(9)]: active }, { [at(9)]: flagged }), at(9))[0]
    assert.deepEqual([bar?.genuine, bar?.flagged], [genuine, shownFlagged])
  })

test('what is still to come is marked, the running ten minutes are not', () => {
  const bars = dayBars(day({ [at(9)]: 60 }), at(9, 2))
  assert.deepEqual(
    bars.slice(0, 4).map(bar => bar.future),
    [false, false, false, true],
  )
})

test('an hour that comes twice has two rows, which differ in their offset from UTC', () => {
  const slots = Array.from({ length: 150 }, (_, slot) => (slot === 15 ? 60 : slot === 21 ? 30 : 0))
  const bars = barsOf({ slots, flagged_slots: [] }, { date: '2026-10-25', zone: 'Europe/Berlin' }, 30)
  const rows = hourTotals(bars).map(({ clock, offset, genuine }) => [clock / 60, offset, genuine])
  assert.deepEqual(rows, [
    [2, '+02:00', 60],
    [2, '+01:00', 30],
    [3, '+01:00', 0],
    [4, '+01:00', 0],
  ])
})

test('an hour that is left out has no row', () => {
  const slots = Array.from({ length: 138 }, (_, slot) => (slot === 6 ? 60 : 0))
  const bars = barsOf({ slots, flagged_slots: [] }, { date: '2026-03-29', zone: 'Europe/Berlin' }, 14)
  assert.deepEqual(
    bars.filter(bar => bar.slot % 6 === 0).map(bar => bar.clock / 60),
    [1, 3, 4, 5],
  )
})

test('the table has one row for each hour that has begun', () => {
  const bars = dayBars(day({ [at(9)]: 600, [at(9, 1)]: 60, [at(10)]: 30 }, { [at(9, 1)]: 20 }), at(10, 1))
  assert.deepEqual(hourTotals(bars), [
    { clock: 540, offset: undefined, genuine: 640, flagged: 20 },
    { clock: 600, offset: undefined, genuine: 30, flagged: 0 },
  ])
})

test('the running slot is the one of the local clock', () => {
  const now = Date.parse('2026-11-19T20:29:00Z')
  assert.equal(slotAt(now, { date: '2026-11-19', zone: 'Europe/London' }), at(20, 2))
  assert.equal(slotAt(now, { date: '2026-11-20', zone: 'Asia/Kolkata' }), at(1, 5))
})

test('a day that is over has no future', () => {
  const now = slotAt(Date.parse('2026-11-20T08:00:00Z'), ordinary)
  assert.ok(dayBars(day({ [at(9)]: 60 }), now).every(bar => !bar.future))
})
