import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../../protocol/errors.ts'
import { pauseEnd } from './pause-end.ts'

const at = (local: string) => Temporal.ZonedDateTime.from(local)

describe('a pause ends', () => {
  const rows: [now: string, text: string, end: string, why: string][] = [
    ['2026-11-19T14:00[Europe/Berlin]', '15m', '2026-11-19T14:15[Europe/Berlin]', 'minutes'],
    [
      '2026-11-19T14:00[Europe/Berlin]',
      '90min',
      '2026-11-19T15:30[Europe/Berlin]',
      'more than an hour of minutes',
    ],
    ['2026-11-19T14:00[Europe/Berlin]', '1h30m', '2026-11-19T15:30[Europe/Berlin]', 'hours and minutes'],
    ['2026-11-19T14:00[Europe/Berlin]', ' 2H ', '2026-11-19T16:00[Europe/Berlin]', 'written carelessly'],
    ['2026-11-19T14:00[Europe/Berlin]', 'tomorrow', '2026-11-20T00:00[Europe/Berlin]', 'the next midnight'],
    [
      '2026-11-19T00:00[Europe/Berlin]',
      'tomorrow',
      '2026-11-20T00:00[Europe/Berlin]',
      'at midnight, a whole day',
    ],
    [
      '2026-03-28T14:00[Europe/Berlin]',
      '1d',
      '2026-03-29T14:00[Europe/Berlin]',
      'a day of 23 hours is a day',
    ],
    [
      '2026-03-29T01:30[Europe/Berlin]',
      '1h',
      '2026-03-29T03:30[Europe/Berlin]',
      'an hour is an hour when the clock jumps',
    ],
    [
      '2026-09-05T20:00[America/Santiago]',
      'tomorrow',
      '2026-09-06T01:00[America/Santiago]',
      'a day without a midnight',
    ],
  ]
  for (const [now, text, end, why] of rows)
    test(`${text.trim()}: ${why}`, () => {
      const instant = pauseEnd(text, at(now).toInstant(), at(now).timeZoneId)
      assert.equal(instant.toString(), at(end).toInstant().toString())
    })
})

describe('what is no pause', () => {
  for (const text of [
    '',
    '0m',
    '0h0m',
    '15',
    'm',
    '-15m',
    '1h-15m',
    '15m1h',
    'yesterday',
    '1.5h',
    '400d',
    '999999h',
  ])
    test(JSON.stringify(text), () => {
      assert.throws(
        () => pauseEnd(text, Temporal.Instant.from('2026-11-19T14:00Z'), 'UTC'),
        (error: unknown) => error instanceof AppError && error.code === 'USAGE',
      )
    })
})

test('a pause always ends after it began', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Apia']
  fc.assert(
    fc.property(
      fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      fc.constantFrom(...zones),
      fc.constantFrom('1m', '59m', '3h', '1d', 'tomorrow'),
      (seconds, zone, text) => {
        const now = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
        return Temporal.Instant.compare(pauseEnd(text, now, zone), now) > 0
      },
    ),
  )
})
