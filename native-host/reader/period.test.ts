import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type PeriodAsked, parsePeriod } from './period.ts'

describe('a span of days', () => {
  const rows: [PeriodAsked, string | undefined, string | undefined][] = [
    [{ week: '2026-W48' }, '2026-11-23', '2026-11-29'],
    [{ week: '2026-W53' }, '2026-12-28', '2027-01-03'],
    [{ month: '2028-02' }, '2028-02-01', '2028-02-29'],
    [{ from: '2026-11-23' }, '2026-11-23', undefined],
    [{}, undefined, undefined],
  ]
  for (const [asked, from, to] of rows)
    test(JSON.stringify(asked), () => assert.deepEqual(parsePeriod(asked), { from, to }))

  const wrong: PeriodAsked[] = [
    { week: '2027-W53' },
    { week: '2026-W00' },
    { week: 'W48' },
    { month: '2026-13' },
    { from: '2026-02-31' },
    { from: '2026-11-24', to: '2026-11-23' },
    { week: '2026-W48', month: '2026-11' },
    { to: 'yesterday' },
  ]
  for (const asked of wrong)
    test(`${JSON.stringify(asked)} does not exist`, () =>
      assert.throws(() => parsePeriod(asked), { code: 'PERIOD_INVALID' }))
})
