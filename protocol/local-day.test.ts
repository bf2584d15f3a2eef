import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changesOffset, clockAt, type LocalDay, slotAt, slotsOf } from './local-day.ts'

const days: [name: string, date: string, zone: string, hours: number][] = [
  ['an ordinary day', '2026-11-22', 'Europe/Berlin', 24],
  ['summer time begins', '2026-03-29', 'Europe/Berlin', 23],
  ['summer time ends', '2026-10-25', 'Europe/Berlin', 25],
  ['half an hour of summer time begins', '2026-10-04', 'Australia/Lord_Howe', 23.5],
  ['half an hour of summer time ends', '2026-04-05', 'Australia/Lord_Howe', 24.5],
  ['summer time begins at midnight, which there is not', '2026-09-06', 'America/Santiago', 23],
  ['29 February', '2028-02-29', 'America/New_York', 24],
  ['an offset of minutes', '2026-11-22', 'Asia/Kathmandu', 24],
  ['an offset without a name', '2026-11-22', '+05:45', 24],
]
for (const [name, date, zone, hours] of days)
  test(`${name}: ${date} in ${zone} has ${hours} hours`, () => {
    assert.equal(slotsOf({ date, zone }), hours * 6)
    // Where the day begins after the change, nothing of it comes twice or is left out.
    assert.equal(changesOffset({ date, zone }), hours !== 24 && zone !== 'America/Santiago')
  })

const autumn = { date: '2026-10-25', zone: 'Europe/Berlin' }

test('the hour that comes twice has its pieces twice, with different offsets', () => {
  assert.equal(slotAt(Date.parse('2026-10-25T00:30:00Z'), autumn), 15)
  assert.equal(slotAt(Date.parse('2026-10-25T01:30:00Z'), autumn), 21)
  assert.deepEqual(clockAt(15, autumn), { minute: 150, offset: '+02:00' })
  assert.deepEqual(clockAt(21, autumn), { minute: 150, offset: '+01:00' })
})

test('the hour that is left out has none', () => {
  const spring = { date: '2026-03-29', zone: 'Europe/Berlin' }
  assert.deepEqual(
    [11, 12].map(slot => clockAt(slot, spring).minute),
    [110, 180],
  )
})

test('an instant of another day is before the first piece or after the last', () => {
  assert.ok(slotAt(Date.parse('2026-10-24T21:59:00Z'), autumn) < 0)
  assert.ok(slotAt(Date.parse('2026-10-25T23:00:00Z'), autumn) >= slotsOf(autumn))
})

test('property: every instant lies in the piece whose clock it was, in any zone and season', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu']
  const instants = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2032-01-01') })
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (ms, zone) => {
      const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
      const day: LocalDay = { date: local.toPlainDate().toString(), zone }
      const slot = slotAt(ms, day)
      assert.ok(slot >= 0 && slot < slotsOf(day))
      const { minute, offset } = clockAt(slot, day)
      assert.equal(offset, local.offset)
      const past = local.hour * 60 + local.minute - minute
      assert.ok(past >= 0 && past < 10, `${past} min`)
    }),
  )
})
