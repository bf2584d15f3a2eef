import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Conditions, longestSilenceMs, mayRecord, trackingState } from './tracking-state.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const ago = (ms: number) => new Date(now - ms).toISOString()
const since = ago(60_000)

const good: Conditions = {
  consentGiven: true,
  startedAt: ago(3_600_000),
  pause: undefined,
  suspension: undefined,
  store: undefined,
  input: undefined,
  trackingSince: ago(600_000),
  lastSaved: ago(4_000),
}
const paused: Partial<Conditions> = { pause: { since, until: null }, trackingSince: undefined }
const suspended: Partial<Conditions> = {
  suspension: { since, reason: 'low-battery', detail: '9 % left' },
  trackingSince: undefined,
}
const diskFull: Partial<Conditions> = { store: { since, problem: { code: 'DISK_FULL' } } }
const noInput: Partial<Conditions> = { input: { since, problem: { code: 'INPUT_NO_DISPLAY' } } }

const rows: [name: string, conditions: Partial<Conditions>, state: object][] = [
  ['all is well', {}, { kind: 'tracking', since: ago(600_000) }],
  ['no consent', { consentGiven: false }, { kind: 'consent-needed' }],
  [
    'no consent, whichever other state',
    { consentGiven: false, ...paused, ...diskFull },
    { kind: 'consent-needed' },
  ],
  ['a full disk', diskFull, { kind: 'blocked', since, problem: { code: 'DISK_FULL' } }],
  [
    'a full disk while paused: the person has to know',
    { ...diskFull, ...paused },
    { kind: 'blocked', since, problem: { code: 'DISK_FULL' } },
  ],
  ['a low battery', suspended, { kind: 'suspended', since, reason: 'low-battery', detail: '9 % left' }],
  [
    'a low battery while paused',
    { ...suspended, ...paused },
    { kind: 'suspended', since, reason: 'low-battery', detail: '9 % left' },
  ],
  ['paused', paused, { kind: 'paused', since, until: null }],
  ['paused without a display', { ...paused, ...noInput }, { kind: 'paused', since, until: null }],
  ['no display', noInput, { kind: 'blocked', since, problem: { code: 'INPUT_NO_DISPLAY' } }],
  ['the gate is about to open', { trackingSince: undefined }, { kind: 'starting' }],
  ['started, nothing stored yet', { trackingSince: ago(9_000), lastSaved: undefined }, { kind: 'starting' }],
  [
    'started, stored only in an earlier run',
    { trackingSince: ago(9_000), lastSaved: ago(9_001) },
    { kind: 'starting' },
  ],
  [
    'stored at the very start',
    { trackingSince: ago(9_000), lastSaved: ago(9_000) },
    { kind: 'tracking', since: ago(9_000) },
  ],
  ['30 s of silence are still good', { lastSaved: ago(30_000) }, { kind: 'tracking', since: ago(600_000) }],
  [
    'more than 30 s of silence',
    { lastSaved: ago(30_001) },
    { kind: 'blocked', since: ago(30_001), problem: { code: 'NOT_SAVING' } },
  ],
  [
    'never stored since the start: silent since then, not since yesterday',
    { trackingSince: ago(31_000), lastSaved: ago(86_400_000) },
    { kind: 'blocked', since: ago(31_000), problem: { code: 'NOT_SAVING' } },
  ],
  [
    'never stored at all',
    { trackingSince: ago(31_000), lastSaved: undefined },
    { kind: 'blocked', since: ago(31_000), problem: { code: 'NOT_SAVING' } },
  ],
  [
    'the clock was set back by an hour and storing goes on',
    { trackingSince: ago(-3_000_000), lastSaved: ago(5_000) },
    { kind: 'tracking', since: ago(-3_000_000) },
  ],
  [
    'the clock was set back by an hour and nothing was stored since',
    { trackingSince: ago(-3_000_000), lastSaved: ago(-3_600_000) },
    { kind: 'blocked', since: ago(-3_600_000), problem: { code: 'NOT_SAVING' } },
  ],
  [
    'the clock was set back by a second: no effect',
    { lastSaved: ago(-1_000) },
    { kind: 'tracking', since: ago(600_000) },
  ],
]
for (const [name, conditions, state] of rows)
  test(`${name}: ${Object.values(state)[0]}`, () => {
    assert.deepEqual(trackingState({ ...good, ...conditions }, now), state)
  })

test('the state is never tracking without a record within 30 s of now', () => {
  const offset = fc.integer({ min: -100_000_000, max: 100_000_000 })
  fc.assert(
    fc.property(
      fc.option(offset, { nil: undefined }),
      fc.option(offset, { nil: undefined }),
      (startAgo, savedAgo) => {
        const trackingSince = startAgo === undefined ? undefined : ago(startAgo)
        const lastSaved = savedAgo === undefined ? undefined : ago(savedAgo)
        const state = trackingState({ ...good, trackingSince, lastSaved }, now)
        if (state.kind !== 'tracking') return
        assert.ok(savedAgo !== undefined && Math.abs(savedAgo) <= longestSilenceMs)
      },
    ),
    { numRuns: 2000 },
  )
})

const gates: [name: string, conditions: Partial<Parameters<typeof mayRecord>[0]>, open: boolean][] = [
  ['all is well', {}, true],
  ['no consent', { consentGiven: false }, false],
  ['paused', paused, false],
  ['suspended', suspended, false],
  ['as much waits as is allowed', { obstacle: { code: 'OUTBOX_FULL' } }, false],
  // Counts wait in memory, so that the seconds are not lost when there is room again.
  ['a full disk', diskFull, true],
  ['no display', noInput, true],
]
for (const [name, conditions, open] of gates)
  test(`${name}: recording is ${open ? 'allowed' : 'not allowed'}`, () => {
    assert.equal(mayRecord({ ...good, obstacle: undefined, ...conditions }), open)
  })
