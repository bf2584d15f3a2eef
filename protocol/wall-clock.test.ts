import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fullHours, wallClock } from './wall-clock.ts'

const moments: [instant: string, zone: string][] = [
  ['2026-11-19T06:30:00Z', 'Europe/Berlin'],
  ['2026-11-18T23:00:00Z', 'Europe/Berlin'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin'],
  ['2026-11-19T20:15:59.999Z', 'Asia/Kolkata'],
  ['2026-11-19T23:59:59Z', 'America/St_Johns'],
  ['2026-02-28T12:00:00Z', 'Pacific/Chatham'],
  ['2027-01-01T00:00:00Z', 'UTC'],
]
for (const [instant, zone] of moments)
  test(`${instant} in ${zone} is what Temporal says`, () => {
    const there = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    assert.deepEqual(wallClock(Date.parse(instant), zone), {
      date: there.toPlainDate().toString(),
      minute: there.hour * 60 + there.minute,
      offset: there.offset.slice(0, 6),
    })
  })

const hoursOf = (from: string, to: string, zone: string) =>
  [...fullHours(Date.parse(from), Date.parse(to), zone)].map(({ hour }) => hour)

describe('full hours', () => {
  test('both ends count', () =>
    assert.deepEqual(hoursOf('2026-11-19T06:00:00Z', '2026-11-19T08:00:00Z', 'UTC'), [6, 7, 8]))
  test('of a zone of half hours', () =>
    assert.deepEqual(hoursOf('2026-11-19T06:00:00Z', '2026-11-19T08:00:00Z', 'Asia/Kolkata'), [12, 13]))
  test('the hour that comes twice when summer time ends', () =>
    assert.deepEqual(hoursOf('2026-10-24T23:00:00Z', '2026-10-25T02:00:00Z', 'Europe/Berlin'), [1, 2, 2, 3]))
  test('the hour that is left out when it begins', () =>
    assert.deepEqual(hoursOf('2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z', 'Europe/Berlin'), [1, 3, 4]))
})
