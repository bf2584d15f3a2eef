import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { leastJumpMs, wallJumpMs } from './time-jump.ts'

const hour = 3_600_000
const noon = Date.parse('2028-02-29T12:00:00Z')

const rows: [name: string, wallPassed: number, uptimePassed: number, jump: number][] = [
  ['nothing happened', 1000, 1000, 0],
  ['a timer that rang late', 1700, 1700, 0],
  ['a night asleep', 8 * hour, 8 * hour, 0],
  ['set forward by an hour', hour + 1000, 1000, hour],
  ['set back by an hour', 1000 - hour, 1000, -hour],
  ['set forward by a day', 24 * hour + 1000, 1000, 24 * hour],
  ['set back by a day', 1000 - 24 * hour, 1000, -24 * hour],
  ['set back while asleep', 8 * hour - hour, 8 * hour, -hour],
  ['slewed by a time service', 1000.5, 1000, 0],
  ['stepped by a time service', 1400, 1000, 0],
  ['a clock that counts in hundredths', 1004, 1010, 0],
  ['just enough', 1000 + leastJumpMs, 1000, leastJumpMs],
]
for (const [name, wallPassed, uptimePassed, jump] of rows)
  test(`${name}: ${jump} ms`, () => {
    const before = { wallMs: noon, uptimeMs: 5_000 }
    const after = { wallMs: noon + wallPassed, uptimeMs: 5_000 + uptimePassed }
    assert.equal(wallJumpMs(before, after), jump)
  })

test('property: over any time, the found jump is the set one', () => {
  const long = fc.integer({ min: 0, max: 40 * 24 * hour })
  const set = fc.integer({ min: leastJumpMs, max: 400 * 24 * hour })
  fc.assert(
    fc.property(long, set, fc.boolean(), (passed, by, back) => {
      const byMs = back ? -by : by
      const found = wallJumpMs(
        { wallMs: noon, uptimeMs: 0 },
        { wallMs: noon + passed + byMs, uptimeMs: passed },
      )
      assert.equal(found, byMs)
    }),
  )
})
