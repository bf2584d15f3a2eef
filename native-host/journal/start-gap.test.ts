import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gapBeforeStart, type PreviousEnd } from './start-gap.ts'

const from = '2026-11-22T10:00:00.000Z'
const to = '2026-11-22T12:00:00.000Z'
const start = { lastSign: from, now: to, boot: 'today', repaired: false }

const cases: [
  name: string,
  previous: PreviousEnd,
  start: Partial<typeof start>,
  cause: string | undefined,
][] = [
  ['the first start of all', { kind: 'none' }, {}, undefined],
  ['killed', { kind: 'killed', boot: 'today' }, {}, 'agent-killed'],
  ['killed, when agents did not say of which boot', { kind: 'killed', boot: undefined }, {}, 'agent-killed'],
  ['killed, and the computer was started since', { kind: 'killed', boot: 'yesterday' }, {}, 'computer-off'],
  ['made way because of damage', { kind: 'killed', boot: 'today' }, { repaired: true }, 'store-repaired'],
  ['shut down with the computer', { kind: 'clean', reason: 'signal', boot: 'yesterday' }, {}, 'computer-off'],
  ['ended by a signal alone', { kind: 'clean', reason: 'signal', boot: 'today' }, {}, undefined],
  [
    'ended with the browser, then shut down',
    { kind: 'clean', reason: 'last-browser-left', boot: 'yesterday' },
    {},
    undefined,
  ],
  [
    'killed, and the clock was set back since',
    { kind: 'killed', boot: 'today' },
    { lastSign: to, now: from },
    undefined,
  ],
]
for (const [name, previous, changed, cause] of cases)
  test(`${name}: ${cause ?? 'no gap to be written'}`, () => {
    const gap = gapBeforeStart({ ...start, ...changed, previous })
    assert.deepEqual(gap, cause && { kind: 'gap', cause, from, to })
  })
