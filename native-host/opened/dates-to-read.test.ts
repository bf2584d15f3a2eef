import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datesToRead, wantedRange } from './dates-to-read.ts'

test('a week is Monday to Sunday, also over the end of a year', () => {
  assert.deepEqual(wantedRange({ date: '2027-01-01', span: 'week' }), {
    from: '2026-12-28',
    to: '2027-01-03',
  })
  assert.deepEqual(wantedRange({ date: '2026-11-23', span: 'week' }), {
    from: '2026-11-23',
    to: '2026-11-29',
  })
  assert.deepEqual(wantedRange({ date: '2026-11-29', span: 'week' }), {
    from: '2026-11-23',
    to: '2026-11-29',
  })
  assert.deepEqual(wantedRange({ date: '2026-11-29', span: 'day' }), { from: '2026-11-29', to: '2026-11-29' })
})

const rows: [what: string, known: string[], read: string[]][] = [
  ['nothing', [], []],
  [
    'the days around it, the last before, and a week in which a verdict can be withdrawn',
    ['2026-10-01', '2026-11-01', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-30', '2026-12-01'],
    ['2026-11-01', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-30'],
  ],
  [
    'the next beginning after a long absence',
    ['2026-11-22', '2027-03-01', '2027-03-02'],
    ['2026-11-22', '2027-03-01'],
  ],
]
for (const [what, known, read] of rows)
  test(`is read: ${what}`, () =>
    assert.deepEqual(datesToRead(known, { from: '2026-11-22', to: '2026-11-22' }), read))
