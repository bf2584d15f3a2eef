import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { chainStart, type Entry, entrySchema, recordSchema } from './records.ts'

const counts = { keys: 3, clicks: 1, wheel: 2, distance_px: 400, active_seconds: 2 }
const interval: Entry = {
  kind: 'interval',
  from: '2026-11-22T15:40:00.000Z',
  length_ms: 10_000,
  ...counts,
  activity: '1100000000',
  presence: 'active',
  genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
}

const entries: Entry[] = [
  { kind: 'agent.started', version: '0.1.0', previous_end: null },
  { kind: 'agent.ended', reason: 'last-browser-left' },
  { kind: 'consent.given', text_version: 1 },
  { kind: 'paused', until: null },
  { kind: 'resumed' },
  { kind: 'paused', until: null, by: 'chromium' },
  { kind: 'resumed', by: 'activity-tracker' },
  { kind: 'suspended', reason: 'low-battery' },
  { kind: 'unsuspended', reason: 'low-battery' },
  { kind: 'setting.changed', name: 'screenshot_interval', value: 60 },
  { kind: 'input.lost', code: 'INPUT_NO_DISPLAY' },
  { kind: 'input.restored' },
  {
    kind: 'gap',
    cause: 'agent-killed',
    from: '2026-11-22T15:30:00.000Z',
    to: '2026-11-22T15:40:00.000Z',
  },
  { kind: 'device.key', key: 'A'.repeat(43) },
  { kind: 'presence.changed', presence: 'idle', from: '2026-11-22T15:40:00.000Z', source: 'input' },
  {
    kind: 'presence.changed',
    presence: 'asleep',
    from: '2026-11-22T15:40:00.000Z',
    to: '2026-11-22T16:40:00.000Z',
    source: 'clock',
  },
  interval,
  { ...interval, discarded: counts },
  {
    kind: 'verdict.extended',
    from: '2026-11-22T15:39:40.000Z',
    to: '2026-11-22T15:40:10.000Z',
    genuineness: { verdict: 'suspect', rules: 3, confidence: 0.5, evidence: [] },
    scripted_input: 'discard',
    minutes: [{ start: '2026-11-22T15:39:00.000Z', zone: 'Asia/Kathmandu', ...counts }],
  },
  { kind: 'verdict.withdrawn', from: '2026-11-22T15:39:40.000Z', to: '2026-11-22T15:40:10.000Z' },
  {
    kind: 'screenshot',
    display: 1,
    of: 2,
    width: 960,
    height: 540,
    blurred: true,
    object: 'device/2026-11-22/1',
  },
  { kind: 'screenshot.failed', code: 'CAPTURE_FAILED' },
]
for (const entry of entries)
  test(`${entry.kind} is an entry, and a record once it has its place`, () => {
    assert.deepEqual(v.parse(entrySchema, entry), entry)
    const record = {
      seq: 1,
      prev: chainStart,
      at: '2026-11-22T15:40:10.000Z',
      zone: 'Asia/Kathmandu',
      offset: '+05:45',
      ...entry,
    }
    assert.deepEqual(v.parse(recordSchema, record), record)
  })

const wrong: [name: string, entry: object][] = [
  ['an unknown kind', { kind: 'key', code: 30 }],
  ['a negative count', { ...interval, keys: -1 }],
  ['half a key', { ...interval, keys: 0.5 }],
  ['a missing count', { ...interval, clicks: undefined }],
  ['an activity of other characters', { ...interval, activity: '10a' }],
  ['an unknown presence', { ...interval, presence: 'sleepy' }],
  ['an unknown verdict', { ...interval, genuineness: { verdict: 'guilty', rules: 1, evidence: [] } }],
  ['a code in lower case', { kind: 'input.lost', code: 'no display' }],
]
for (const [name, entry] of wrong)
  test(`${name} is no entry`, () => {
    assert.equal(v.safeParse(entrySchema, entry).success, false)
  })

test('an entry has no room for which key it was', () => {
  assert.deepEqual(v.parse(entrySchema, { ...interval, keycodes: [30, 48], text: 'canary' }), interval)
})

const misplaced: [name: string, place: object][] = [
  ['the number 0', { seq: 0 }],
  ['no hash', { prev: '' }],
  ['a hash in capitals', { prev: 'A'.repeat(64) }],
  ['an offset without minutes', { offset: '+01' }],
  ['a time without a zone', { at: '2026-11-22T15:40:10' }],
]
for (const [name, place] of misplaced)
  test(`a record with ${name} is refused`, () => {
    const good = { seq: 1, prev: chainStart, at: '2026-11-22T15:40:10.000Z', zone: 'UTC', offset: '+00:00' }
    assert.equal(v.safeParse(recordSchema, { ...good, kind: 'resumed' }).success, true)
    assert.equal(v.safeParse(recordSchema, { ...good, ...place, kind: 'resumed' }).success, false)
  })
