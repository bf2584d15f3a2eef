import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionReport, StepOutcome } from '../../protocol/connection-check.ts'
import { announce, describeOutcome } from './connection-words.ts'

const outcomes: [name: string, outcome: StepOutcome, text: string][] = [
  ['quick and well', { kind: 'ok', found: 'eth0, 192.0.2.7', ms: 3 }, 'eth0, 192.0.2.7'],
  ['well after a while', { kind: 'ok', found: '192.0.2.7:443', ms: 740 }, '192.0.2.7:443 (0.7 s)'],
  ['well after long', { kind: 'ok', found: '192.0.2.7:443', ms: 4200 }, '192.0.2.7:443 (4 s)'],
  ['not needed', { kind: 'not-needed', why: 'none is set' }, 'none is set'],
  ['wrong after long', { kind: 'wrong', problem: { code: 'PORT_DROPPED' }, ms: 5001 }, 'after 5 s'],
  ['wrong at once', { kind: 'wrong', problem: { code: 'PORT_REFUSED' }, ms: 2 }, ''],
  ['not tried', { kind: 'not-tried' }, ''],
]
for (const [name, outcome, text] of outcomes)
  test(`a step that is ${name} says "${text}"`, () => assert.equal(describeOutcome(outcome), text))

const report = (...steps: ConnectionReport['steps']): ConnectionReport => ({
  destination: { kind: 's3', where: 'records' },
  steps,
})
const ok = { kind: 'ok', found: '', ms: 1 } as const

test('a screen reader announces each step that ends, and its result', () => {
  const heard = [
    report({ step: 'link', outcome: { kind: 'running' } }, { step: 's3', outcome: { kind: 'waiting' } }),
    report({ step: 'link', outcome: ok }, { step: 's3', outcome: { kind: 'running' } }),
    report({ step: 'link', outcome: ok }, { step: 's3', outcome: ok }),
  ].map(announce)
  assert.deepEqual(heard, [
    'The test has started.',
    'Network: OK.',
    'The test has ended. Everything works. Uploads arrive.',
  ])
})

test('a screen reader announces what is wrong', () => {
  const wrong = { kind: 'wrong', problem: { code: 'NETWORK_NONE' }, ms: 1 } as const
  assert.equal(
    announce(report({ step: 'link', outcome: wrong }, { step: 's3', outcome: { kind: 'not-tried' } })),
    'The test has ended. This computer has no network connection right now.',
  )
})
