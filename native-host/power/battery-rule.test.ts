import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batteryVerdict, describeLow } from './battery-rule.ts'

const rows: [
  percent: number,
  discharging: boolean,
  threshold: number,
  suspended: boolean,
  verdict: boolean,
][] = [
  [20, true, 20, false, false],
  [19, true, 20, false, true],
  [19, false, 20, false, false],
  [19, false, 20, true, false],
  // Suspended already: only three percent more end it.
  [20, true, 20, true, true],
  [22, true, 20, true, true],
  [23, true, 20, true, false],
  [0, true, 0, false, false],
  [0, true, 0, true, false],
  [1, true, 100, false, true],
  [100, true, 100, false, false],
  [100, true, 100, true, true],
]
for (const [percent, discharging, threshold, suspended, verdict] of rows)
  test(`${percent} %, ${discharging ? 'unplugged' : 'charging'}, threshold ${threshold}, ${suspended ? 'suspended' : 'tracking'}: ${verdict ? 'suspend' : 'track'}`, () => {
    assert.equal(batteryVerdict({ percent, discharging }, threshold, suspended), verdict)
  })

test('a computer without a battery is never suspended', () => {
  assert.equal(batteryVerdict(undefined, 100, false), false)
  assert.equal(batteryVerdict(undefined, 100, true), false)
})

test('a charge that swings by two percent around the threshold suspends once', () => {
  let suspended = false
  let changes = 0
  for (const percent of [21, 20, 19, 20, 21, 19, 21, 20, 19, 22, 19, 23]) {
    const next = batteryVerdict({ percent, discharging: true }, 20, suspended)
    if (next !== suspended) changes++
    suspended = next
  }
  assert.equal(changes, 2)
})

test('the text states the charge and what ends the suspension, and a charge only if it can be reached', () => {
  assert.equal(describeLow(14, 20), '14% left, below 20%; resumes when plugged in or at 23%')
  assert.equal(describeLow(97, 98), '97% left, below 98%; resumes when plugged in')
})
