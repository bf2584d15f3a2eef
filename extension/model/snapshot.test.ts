import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleStatus } from '../../test/support/sample-status.ts'
import { advance, nothingKnown } from './snapshot.ts'

const connected = { type: 'link', link: { kind: 'connected', version: '1' } } as const
const lost = { type: 'link', link: { kind: 'lost', problem: { code: 'AGENT_UNREACHABLE' } } } as const
const status = { type: 'status', status: sampleStatus } as const

test('a status vouches for itself until the link is lost, and not again before the next status', () => {
  const steps = [connected, status, lost, connected, status] as const
  let snapshot = nothingKnown
  const sources = steps.map(message => {
    snapshot = advance(snapshot, message)
    return snapshot.source
  })
  assert.deepEqual(sources, ['history', 'agent', 'history', 'history', 'agent'])
})

test('what was known stays known when the link is lost', () => {
  const settings = { type: 'settings', settings: { screenshots: false } } as const
  const snapshot = [connected, status, settings, lost].reduce(advance, nothingKnown)
  assert.deepEqual(snapshot.status, sampleStatus)
  assert.deepEqual(snapshot.settings, { screenshots: false })
})
