import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimeWords, timeStyleOf } from './instants.ts'

const now = Date.parse('2026-11-19T14:00:00Z')
const words = (locale: string, zone: string) => createTimeWords(timeStyleOf(locale, zone))

test('the clock is the one of the locale, the words around it are English', () => {
  assert.equal(words('de-DE', 'Europe/Berlin').time('2026-11-19T13:36:00Z', now), '14:36')
  assert.match(words('en-US', 'Europe/Berlin').time('2026-11-19T13:36:00Z', now), /^2:36\sPM$/)
  assert.equal(words('de-DE', 'Europe/Berlin').day('2026-11-19'), 'Thursday 19 November')
})

test('an instant of another local day carries its day', () => {
  assert.equal(words('en-GB', 'Europe/Berlin').time('2026-11-18T23:30:00Z', now), '00:30')
  assert.equal(words('en-GB', 'Europe/London').time('2026-11-18T23:30:00Z', now), '18 Nov, 23:30')
})

test('a minute of the day does not depend on the zone', () => {
  for (const zone of ['Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns'])
    assert.equal(words('en-GB', zone).clock(480), '08:00')
})

test('the hours of an axis are as short as the clock allows', () => {
  assert.deepEqual([0, 9].map(words('de-DE', 'Europe/Berlin').hour), ['00:00', '09:00'])
  assert.deepEqual(
    [0, 9].map(hour => words('en-US', 'Europe/Berlin').hour(hour).replace(/\s/, ' ')),
    ['12 AM', '9 AM'],
  )
})

test('today is the local date', () => {
  assert.equal(words('en-GB', 'Asia/Kolkata').today(Date.parse('2026-11-19T20:00:00Z')), '2026-11-20')
})
