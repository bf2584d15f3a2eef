import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../protocol/errors.ts'
import type { Status, TrackingState } from '../../protocol/status.ts'
import { sampleNow, sampleStatus } from '../../test/support/sample-status.ts'
import { badgeOf } from '../background/badge.ts'
import type { Link } from '../background/page-channel.ts'
import { createTimeWords, timeStyleOf } from '../text/instants.ts'
import { present, type StateName } from './presentation.ts'
import { nothingKnown, type Snapshot } from './snapshot.ts'

const words = createTimeWords(timeStyleOf('en-GB', 'UTC'))
const since = '2026-11-19T13:00:00Z'
const connected: Link = { kind: 'connected', version: '0.1.0' }
const lost = (code: Problem['code']): Link => ({ kind: 'lost', problem: { code } })

const agentSays = (changes: Partial<Status>): Snapshot => ({
  ...nothingKnown,
  link: connected,
  source: 'agent',
  status: { ...sampleStatus, ...changes },
})
const inState = (state: TrackingState) => agentSays({ state })
const kept = (changes: Partial<Status>): Snapshot => ({
  ...agentSays(changes),
  link: { kind: 'connecting' },
  source: 'history',
})
const savedBefore = (seconds: number) => new Date(sampleNow - seconds * 1000).toISOString()
const offline = { ...sampleStatus.queue, items: 38, problem: { code: 'NETWORK_NONE' } as const }

const rows: [when: string, snapshot: Snapshot, state: StateName, title: string, badge: string][] = [
  ['all is well', agentSays({}), 'tracking', 'Tracking', 'on'],
  ['saved 30 s ago', agentSays({ last_saved: savedBefore(30) }), 'tracking', 'Tracking', 'on'],
  ['saved 31 s ago', agentSays({ last_saved: savedBefore(31) }), 'blocked', 'Not recording', '!'],
  [
    'tracking is claimed and nothing was ever saved',
    agentSays({ last_saved: null }),
    'blocked',
    'Not recording',
    '!',
  ],
  [
    'objects are on their way',
    agentSays({ queue: { ...offline, problem: null } }),
    'tracking',
    'Tracking',
    'on',
  ],
  ['the bucket is away', agentSays({ queue: offline }), 'waiting', 'Waiting to upload (38)', '↑'],
  [
    'the folder is away',
    agentSays({ queue: offline, destination: { kind: 'folder', where: '/mnt/a' } }),
    'waiting',
    'Waiting for the folder (38)',
    '↑',
  ],
  [
    'the bucket is away and nothing is saved',
    agentSays({ queue: offline, last_saved: savedBefore(60) }),
    'blocked',
    'Not recording',
    '!',
  ],
  ['the user has not agreed', inState({ kind: 'consent-needed' }), 'consent-needed', 'Ready to start', '?'],
  ['the first record is awaited', inState({ kind: 'starting' }), 'starting', 'Starting', '…'],
  ['paused', inState({ kind: 'paused', since, until: null }), 'paused', 'Paused', 'II'],
  [
    'paused for an hour',
    inState({ kind: 'paused', since, until: '2026-11-19T14:00:00Z' }),
    'paused',
    'Paused until 14:00',
    'II',
  ],
  [
    'paused until tomorrow',
    inState({ kind: 'paused', since, until: '2026-11-20T00:00:00Z' }),
    'paused',
    'Paused until 20 Nov, 00:00',
    'II',
  ],
  [
    'the battery is low',
    inState({ kind: 'suspended', since, reason: 'low-battery', detail: '14 %' }),
    'suspended',
    'Suspended: low battery',
    'Zz',
  ],
  [
    'the disk is full',
    inState({ kind: 'blocked', since, problem: { code: 'DISK_FULL' } }),
    'blocked',
    'Not recording',
    '!',
  ],
  ['nothing was ever heard', nothingKnown, 'starting', 'Connecting', '…'],
  ['not yet asked, saved 4 s ago', kept({}), 'tracking', 'Tracking', 'on'],
  [
    'not yet asked, saved an hour ago',
    kept({ last_saved: savedBefore(3600) }),
    'starting',
    'Connecting',
    '…',
  ],
  [
    'not yet asked, was paused',
    kept({ state: { kind: 'paused', since, until: null } }),
    'paused',
    'Paused',
    'II',
  ],
  [
    'no host is installed',
    { ...agentSays({}), link: lost('HOST_MISSING') },
    'host-missing',
    'Not recording',
    '×',
  ],
  [
    'the agent is gone, although it saved 4 s ago',
    { ...agentSays({}), link: lost('AGENT_UNREACHABLE') },
    'disconnected',
    'Connection lost',
    '×',
  ],
  [
    'the versions differ',
    { ...nothingKnown, link: lost('PROTOCOL_MISMATCH') },
    'disconnected',
    'Connection lost',
    '×',
  ],
]

for (const [when, snapshot, state, title, badge] of rows)
  test(`${when}: ${state}, “${title}”`, () => {
    const shown = present(snapshot, sampleNow, words)
    assert.equal(shown.state, state)
    assert.equal(shown.title, title)
    assert.equal(badgeOf(shown).text, badge)
    assert.equal(badgeOf(shown).title, `Activity Tracker: ${title}`)
  })

test('the toolbar’s drawing is filled only while something is recorded', () => {
  for (const [, snapshot, state] of rows) {
    const { icon } = badgeOf(present(snapshot, sampleNow, words))
    assert.equal(icon, state === 'tracking' || state === 'waiting' ? 'tracking' : 'resting', state)
  }
})

test('every state that is wrong says what is wrong', () => {
  for (const [when, snapshot, state] of rows) {
    const { problem } = present(snapshot, sampleNow, words)
    const wrong = ['blocked', 'waiting', 'host-missing', 'disconnected'].includes(state)
    assert.equal(problem !== undefined, wrong, when)
  }
})

test('a state kept from earlier says from when it is', () => {
  const shown = present(kept({ state: { kind: 'paused', since, until: null } }), sampleNow, words)
  assert.equal(shown.line, 'As of 13:36')
})

const presences: [presence: Status['presence'], line: string | undefined][] = [
  [{ kind: 'active', since, source: 'input' }, undefined],
  [{ kind: 'active', since, source: 'wayland' }, undefined],
  [{ kind: 'active', since, source: 'media' }, 'Active since 13:00: a call or a video keeps the screen on'],
  [{ kind: 'idle', since, source: 'input' }, 'Idle since 13:00: no input'],
  [{ kind: 'away', since, source: 'input' }, 'Away since 13:00: no input, so no screenshots'],
  [{ kind: 'locked', since, source: 'logind' }, 'Locked since 13:00: no screenshots'],
  [{ kind: 'unknown', since, source: 'nobody' }, undefined],
]
for (const [presence, line] of presences)
  test(`while tracking and ${presence.kind} by ${presence.source}, the line is ${line ?? 'empty'}`, () => {
    assert.equal(present(agentSays({ presence }), sampleNow, words).line, line)
  })
