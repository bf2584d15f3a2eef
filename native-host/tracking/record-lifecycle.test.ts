import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeJournal, fakeMemory, fakeUnstored } from '../../test/fakes-storage.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { recordsIn } from '../../test/records-in.ts'
import { rulesVersion } from '../detection/detector.ts'
import { createSignal } from '../kernel/signals.ts'
import type { TrackingFacts } from './ports.ts'
import { createLifecycleRecorder } from './record-lifecycle.ts'

const agreedTo = { text_version: 1, at: '2026-11-22T09:00:00.000Z' }
const key = 'k'.repeat(43)

/** One computer with one home, on which agents live one after the other. */
function setUp(who: 'agreed' | 'not asked' = 'agreed') {
  const clock = manualClock('2026-11-22T10:00:00Z')
  const journal = fakeJournal(clock)
  const memory = fakeMemory()
  const intervals = () => recordsIn(journal).filter(({ kind }) => kind === 'interval')
  const unstored = fakeUnstored(() => intervals().length)
  const consent = createSignal<TrackingFacts['consent'] | undefined>(who === 'agreed' ? agreedTo : undefined)
  let boot = 'monday'
  return {
    clock,
    journal,
    memory,
    unstored,
    consent,
    restartComputer() {
      boot = 'tuesday'
    },
    live: (own: { key?: string; repaired?: boolean } = {}) =>
      createLifecycleRecorder({
        journal,
        memory,
        unstored,
        clock,
        consent,
        version: '1',
        boot,
        pid: 1234,
        key,
        repaired: false,
        ...own,
      }),
    said: () =>
      recordsIn(journal).map(record =>
        record.kind === 'gap'
          ? `${record.cause} ${record.from.slice(11, 16)}–${record.to.slice(11, 16)}`
          : record.kind,
      ),
  }
}

test('the first start names the key, and a clean end leaves nothing to explain', async () => {
  const { live, said, clock } = setUp()
  const lifecycle = live()
  lifecycle.begin()
  lifecycle.note({ kind: 'agent.ended', reason: 'asked' })
  lifecycle.ended('asked')
  await clock.pass(600_000)
  live().begin()
  assert.deepEqual(said(), ['agent.started', 'device.key', 'agent.ended', 'agent.started'])
})

test('the start after a kill records since when nothing was written', async () => {
  const { live, said, clock, journal } = setUp()
  live().begin()
  await clock.pass(60_000)
  journal.append({ kind: 'resumed', by: 'chromium' })
  await clock.pass(600_000)
  live().begin()
  assert.deepEqual(said().slice(2), ['resumed', 'agent-killed 10:01–10:11', 'agent.started'])
})

test('a changed boot shows that the computer was off', async () => {
  const { live, said, clock, restartComputer } = setUp()
  const lifecycle = live()
  lifecycle.begin()
  lifecycle.note({ kind: 'agent.ended', reason: 'signal' })
  lifecycle.ended('signal')
  await clock.pass(3_600_000)
  restartComputer()
  live().begin()
  assert.deepEqual(said().slice(2), ['agent.ended', 'computer-off 10:00–11:00', 'agent.started'])
})

test('another key is named where its signatures begin', () => {
  const { live, journal } = setUp()
  live().begin()
  live({ key: 'n'.repeat(43) }).begin()
  const keys = recordsIn(journal).filter(record => record.kind === 'device.key')
  assert.deepEqual(
    keys.map(record => record.key),
    [key, 'n'.repeat(43)],
  )
})

test('before the person agrees nothing is recorded, and then only the key', async () => {
  const { live, said, clock, consent, memory } = setUp('not asked')
  const lifecycle = live()
  lifecycle.begin()
  lifecycle.note({ kind: 'resumed' })
  await clock.pass(60_000)
  assert.deepEqual(said(), [])
  assert.ok(memory.get('running'), 'the fact is stored, but not recorded')
  consent.value = agreedTo
  lifecycle.onConsent()
  assert.deepEqual(said(), ['device.key'])
})

test('without consent to a new text, the missing consent is the cause of the gap', async () => {
  const { live, said, clock, consent } = setUp()
  live().begin()
  consent.value = undefined
  await clock.pass(600_000)
  const lifecycle = live()
  lifecycle.begin()
  await clock.pass(600_000)
  consent.value = agreedTo
  lifecycle.onConsent()
  lifecycle.onConsent()
  assert.deepEqual(said().slice(2), ['agent-killed 10:00–10:10', 'consent-needed 10:10–10:20'])
})

const kept = {
  ...{ keys: 7, clicks: 1, wheel: 0, distance_px: 300, active_seconds: 3 },
  from: '2026-11-22T10:01:00.000Z',
  lengthMs: 3400,
  incomplete: false,
  presence: 'active',
  verdict: 'genuine',
  discarded: false,
} as const

test('what a killed agent had counted becomes a record, and the gap begins where that ends', async () => {
  const { live, said, clock, journal, unstored } = setUp()
  live().begin()
  await clock.pass(60_000)
  unstored.keep([kept])
  await clock.pass(60_000)
  live().begin()
  assert.deepEqual(said().slice(2), ['interval', 'agent-killed 10:01–10:02', 'agent.started'])
  const interval = recordsIn(journal).find(({ kind }) => kind === 'interval')
  assert.deepEqual(interval && { ...interval, seq: 0, prev: '', salt: '' }, {
    ...{ seq: 0, prev: '', salt: '', at: '2026-11-22T10:02:00.000Z', zone: 'UTC', offset: '+00:00' },
    ...{ kind: 'interval', from: kept.from, length_ms: 3400, activity: '', recovered: true },
    ...{ keys: 7, clicks: 1, wheel: 0, distance_px: 300, active_seconds: 3, presence: 'active' },
    genuineness: { verdict: 'genuine', rules: rulesVersion, evidence: [] },
  })
  live().begin()
  assert.deepEqual(said().filter(record => record === 'interval').length, 1, 'once')
})

test('counts that were to be set aside are, with their verdict', () => {
  const { live, journal, unstored } = setUp()
  unstored.keep([{ ...kept, verdict: 'scripted', discarded: true, incomplete: true }])
  live().begin()
  const interval = recordsIn(journal).find(record => record.kind === 'interval')
  assert.deepEqual(
    [interval?.keys, interval?.discarded?.keys, interval?.genuineness.verdict, interval?.incomplete],
    [0, 7, 'scripted', true],
  )
})

test('counts wait until the person consents to a new text', () => {
  const { live, said, consent, unstored } = setUp()
  live().begin()
  unstored.keep([kept])
  consent.value = undefined
  const lifecycle = live()
  lifecycle.begin()
  assert.equal(said().includes('interval'), false)
  consent.value = agreedTo
  lifecycle.onConsent()
  assert.ok(said().includes('interval'))
})
