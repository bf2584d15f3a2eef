import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoOf, localMinute, offsetAt } from './instants.ts'

const at = (text: string) => Temporal.Instant.from(text)

const written: [text: string, iso: string][] = [
  ['2026-11-22T15:40:00Z', '2026-11-22T15:40:00.000Z'],
  ['2026-11-22T15:40:00.123456789Z', '2026-11-22T15:40:00.123Z'],
  ['2026-11-22T16:40:00+01:00', '2026-11-22T15:40:00.000Z'],
]
for (const [text, iso] of written)
  test(`${text} is written ${iso}`, () => {
    assert.equal(isoOf(at(text)), iso)
  })

const local: [zone: string, instant: string, date: string, minute: number, offset: string][] = [
  ['UTC', '2026-11-22T15:40:00Z', '2026-11-22', 940, '+00:00'],
  ['Asia/Kathmandu', '2026-11-22T18:30:00Z', '2026-11-23', 15, '+05:45'],
  ['Australia/Eucla', '2026-11-22T15:14:59Z', '2026-11-22', 1439, '+08:45'],
  ['America/St_Johns', '2026-11-22T03:29:00Z', '2026-11-21', 1439, '-03:30'],
  ['Pacific/Kiritimati', '2026-11-22T10:00:00Z', '2026-11-23', 0, '+14:00'],
  ['Pacific/Niue', '2026-11-22T10:59:00Z', '2026-11-21', 1439, '-11:00'],
  // Spring: 01:59 is followed by 03:00.
  ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29', 119, '+01:00'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29', 180, '+02:00'],
  // Autumn: 02:30 comes twice.
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25', 150, '+02:00'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', 150, '+01:00'],
  // Half an hour of summer time.
  ['Australia/Lord_Howe', '2026-04-04T14:59:00Z', '2026-04-05', 119, '+11:00'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05', 90, '+10:30'],
  // Before zones had whole minutes.
  ['Europe/Berlin', '1880-01-01T00:00:00Z', '1880-01-01', 53, '+00:53'],
]
for (const [zone, instant, date, minute, offset] of local)
  test(`${instant} in ${zone} is minute ${minute} of ${date}, ${offset}`, () => {
    assert.deepEqual(localMinute(at(instant), zone), { date, minute })
    assert.equal(offsetAt(at(instant), zone), offset)
  })
