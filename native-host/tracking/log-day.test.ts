import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../protocol/errors.ts'
import type { FlaggedStretch } from '../activity/flagged-stretch.ts'
import type { InputState } from '../input/ports.ts'
import type { LogEvent } from '../kernel/ports.ts'
import { createSignal } from '../kernel/signals.ts'
import { logDay } from './log-day.ts'
import type { TrackingFacts } from './ports.ts'
import type { Conditions } from './tracking-state.ts'

function setUp() {
  const day = {
    consent: createSignal<TrackingFacts['consent'] | undefined>(undefined),
    pause: createSignal<TrackingFacts['pause'] | undefined>(undefined),
    suspension: createSignal<Conditions['suspension']>(undefined),
    input: createSignal<InputState>({ kind: 'off' }),
    store: createSignal<Problem | undefined>(undefined),
    delivery: createSignal<Problem | undefined>(undefined),
    screenshots: createSignal<Problem | undefined>(undefined),
    flagged: createSignal<readonly FlaggedStretch[]>([]),
  }
  const lines: LogEvent[] = []
  logDay(day, event => lines.push(event), new AbortController().signal)
  return {
    day,
    said: () =>
      lines.splice(0).map(({ event, code, detail }) => [event, code, detail].filter(Boolean).join(' ')),
  }
}

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`

test('delivery that works again is logged once, and so is a disk that has room again', () => {
  const { day, said } = setUp()
  day.delivery.value = { code: 'NETWORK_NONE' }
  day.delivery.value = { code: 'NETWORK_NONE', detail: 'again' }
  day.delivery.value = undefined
  day.store.value = { code: 'DISK_FULL', detail: '/home' }
  day.store.value = undefined
  assert.deepEqual(said(), ['delivery-works', 'storing-failed DISK_FULL /home', 'storing-works'])
})

test('a pause is one line with who asked and until when, and its end another', () => {
  const { day, said } = setUp()
  day.consent.value = { text_version: 3, at: at(0) }
  day.pause.value = { since: at(1), until: at(16), by: 'chromium' }
  day.pause.value = undefined
  day.pause.value = { since: at(20), until: null }
  assert.deepEqual(said(), [
    'consent-given',
    `paused by chromium until ${at(16)}`,
    'resumed',
    'paused until resumed',
  ])
})

test('a suspension is logged once, with any change of its battery level', () => {
  const { day, said } = setUp()
  day.suspension.value = { reason: 'low-battery', since: at(0), detail: '19 %' }
  day.suspension.value = { reason: 'low-battery', since: at(0), detail: '18 %' }
  day.suspension.value = undefined
  assert.deepEqual(said(), ['suspended low-battery', 'unsuspended'])
})

test('input that is lost and comes back', () => {
  const { day, said } = setUp()
  day.input.value = { kind: 'starting' }
  day.input.value = { kind: 'counting' }
  for (let tries = 0; tries < 3; tries++) {
    day.input.value = { kind: 'unavailable', problem: { code: 'INPUT_NO_DISPLAY' } }
    day.input.value = { kind: 'starting' }
  }
  day.input.value = { kind: 'counting' }
  assert.deepEqual(said(), ['input-lost INPUT_NO_DISPLAY', 'input-restored'])
})

test('a verdict is logged when its stretch begins and when it becomes worse, and so is its withdrawal', () => {
  const { day, said } = setUp()
  const stretch = (from: number, to: number, verdict: 'suspect' | 'scripted'): FlaggedStretch => ({
    from: at(from),
    to: at(to),
    genuineness: { verdict, rules: 6, evidence: [{ feature: 'loop', value: 1, text: 'The same again.' }] },
  })
  day.flagged.value = [stretch(0, 1, 'suspect')]
  day.flagged.value = [stretch(0, 2, 'suspect')]
  day.flagged.value = [stretch(0, 3, 'scripted')]
  day.flagged.value = [stretch(30, 31, 'suspect'), stretch(0, 3, 'scripted')]
  day.flagged.value = [stretch(30, 31, 'suspect')]
  assert.deepEqual(said(), ['verdict suspect', 'verdict scripted', 'verdict suspect', 'verdict-withdrawn'])
})
