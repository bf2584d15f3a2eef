import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errorRows } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/status.ts'
import { describeStatus } from './describe-status.ts'

const noSlots = new Array<number>(144).fill(0)

const status: Status = {
  at: '2026-11-19T14:10:00.000Z',
  state: { kind: 'tracking', since: '2026-11-19T13:00:00.000Z' },
  consent: { text_version: 1, at: '2026-11-02T08:00:00.000Z' },
  last_saved: '2026-11-19T14:09:58.000Z',
  time: { zone: 'Europe/Berlin', offset: '+01:00', last_change: null },
  today: {
    date: '2026-11-19',
    zone: 'Europe/Berlin',
    keys: 1234,
    clicks: 1,
    wheel: 0,
    distance_px: 52_000,
    active_seconds: 3720,
    flagged_seconds: 0,
    tracked_seconds: 0,
    slots: noSlots,
    flagged_slots: noSlots,
    elsewhere: [],
  },
  days: [],
  flagged: null,
  flagged_before: [],
  input: { state: 'counting', problem: null },
  screenshots: {
    state: 'waiting',
    displays: 2,
    last: '2026-11-19T14:05:00.000Z',
    next: '2026-11-19T14:10:30.000Z',
    problem: null,
    blurred: [],
    held: [],
    unlocked_until: null,
  },
  queue: {
    items: 0,
    bytes: 0,
    oldest: null,
    last_delivered: null,
    delivered: 0,
    quarantined: 0,
    next_try: null,
    waiting: null,
    problem: null,
  },
  destination: { kind: 'folder', where: '/home/ada/delivered' },
  presence: { kind: 'active', since: '2026-11-22T12:00:00.000Z', source: 'input' },
  power: null,
  keys: { recipients: ['age1ada'], identity_here: true, recovery_file: null },
  confirmation: null,
  notices: [],
  agent: {
    version: '0.1.0',
    pid: 42,
    started: '2026-11-19T13:00:00.000Z',
    device: 'd1',
    home: '/home/ada/tracker',
    clients: 1,
  },
}
const said = (changes: Partial<Status>) =>
  describeStatus({ ...status, ...changes }, '/home/ada/tracker/log/agent.log').join('\n')
const since = '2026-11-19T14:00:00.000Z'

describe('the first lines say the state and what to do about it', () => {
  const rows: [state: Status['state'], lines: string[]][] = [
    [{ kind: 'tracking', since }, ['Tracking since 15:00:00', '']],
    [{ kind: 'starting' }, ['Starting', '']],
    [
      { kind: 'consent-needed' },
      [`Not tracking. ${errorRows.CONSENT_NEEDED.sentence}`, `  → ${errorRows.CONSENT_NEEDED.next}`],
    ],
    [
      { kind: 'paused', since, until: null },
      ['Paused until you resume', '  → Resume earlier: activity-tracker resume'],
    ],
    [
      { kind: 'paused', since, until: '2026-11-19T23:00:00.000Z' },
      ['Paused until 2026-11-20 00:00:00', '  → Resume earlier: activity-tracker resume'],
    ],
    [
      { kind: 'suspended', since, reason: 'low-battery', detail: '12 % left' },
      ['Suspended since 15:00:00: 12 % left', '  → Tracking resumes when you plug in the computer.'],
    ],
    [
      { kind: 'blocked', since, problem: { code: 'DISK_FULL', detail: '/home' } },
      [`Not tracking. DISK_FULL: ${errorRows.DISK_FULL.sentence} (/home)`, `  → ${errorRows.DISK_FULL.next}`],
    ],
  ]
  for (const [state, lines] of rows)
    test(lines[0], () => assert.deepEqual(said({ state }).split('\n').slice(0, 2), lines))
})

test('presence is shown with its source, and a battery where there is one', () => {
  assert.match(said({}), /^Presence +Active since .* \(reported by your input\)$/m)
  const locked = said({ presence: { kind: 'locked', since, source: 'screensaver' } })
  assert.match(locked, /^Presence +Locked since 15:00:00: no screenshots \(reported by the screen saver\)$/m)
  assert.match(said({ presence: { kind: 'unknown', since, source: 'nobody' } }), /^Presence +unknown$/m)
  assert.doesNotMatch(said({}), /^Battery/m)
  const unplugged = said({ power: { percent: 61, discharging: true, saving: true } })
  assert.match(unplugged, /^Battery +61%, on battery, saving power$/m)
})

test('where input has no detail, that is said', () => {
  const input: Status['input'] = { state: 'without-detail', problem: { code: 'INPUT_WAYLAND' } }
  const none = { ...status.today, keys: 0, clicks: 0, wheel: 0, distance_px: 0 }
  const text = said({ input, today: none })
  assert.match(text, /^Input +activity only: this system does not report single keys and clicks$/m)
  assert.match(text, /^Today +active 1 h 2 min; keys and clicks cannot be counted$/m)
})

test('figures are written for people, times as the clock of the person shows them', () => {
  const text = said({})
  assert.match(text, /^Last saved +15:09:58$/m)
  assert.match(text, /^Today +1234 keys, 1 click, 0 wheel steps, 52000 px; active 1 h 2 min$/m)
  assert.match(text, /^Screenshots +2 screens, last 15:05:00, next 15:10:30$/m)
  assert.match(text, /^Queue +empty; 0 uploaded$/m)
  assert.match(text, /^Log +\/home\/ada\/tracker\/log\/agent.log$/m)
})

test('the waiting objects are shown with their size, their age and the next try', () => {
  const queue = {
    ...status.queue,
    items: 3,
    bytes: 1_250_000,
    oldest: '2026-11-18T14:00:00.000Z',
    next_try: '2026-11-19T14:11:00.000Z',
    delivered: 7,
    quarantined: 1,
    problem: { code: 'NETWORK_NONE' as const, detail: 'my-records' },
  }
  const text = said({ queue })
  assert.match(
    text,
    /^Queue +3 files \(1\.3 MB\) waiting; oldest 2026-11-18 15:00:00; next try 15:11:00; 7 uploaded; 1 damaged and set aside$/m,
  )
  assert.ok(text.includes(`NETWORK_NONE: ${errorRows.NETWORK_NONE.sentence}\n  my-records\n`))
})

test('uploads that wait because a setting says so tell what for', () => {
  const queue = { ...status.queue, items: 2, bytes: 600_000, waiting: 'metered' as const }
  assert.match(said({ queue }), /^Queue +2 files \(600 kB\) waiting for an unmetered network; /m)
})

test('the reason for a blur although blurring is off is shown with what changes it', () => {
  const blurred: Status['screenshots']['blurred'] = [{ display: 2, reason: 'private-window' }]
  const text = said({ screenshots: { ...status.screenshots, blurred } })
  assert.match(
    text,
    /^Screen 2 of the last screenshot is blurred: a private window of a browser was open\.\n {2}→ Close/m,
  )
  assert.doesNotMatch(said({}), /is blurred/)
})

test('one problem in two places is shown once', () => {
  const problem = { code: 'INPUT_NO_DISPLAY' as const }
  const text = said({ state: { kind: 'blocked', since, problem }, input: { state: 'unavailable', problem } })
  assert.equal(text.split('INPUT_NO_DISPLAY').length, 2)
})

test('the number of held screenshots is shown', () => {
  const held: Status['screenshots']['held'][number] = {
    object: 'a/key',
    taken: '2026-11-19T14:05:00.000Z',
    until: '2026-11-19T14:06:00.000Z',
    display: 1,
    of: 1,
    width: 960,
    height: 540,
    blurred: true,
    viewable: true,
  }
  const screenshots = (count: number) => ({
    ...status.screenshots,
    held: Array.from({ length: count }, () => held),
  })
  assert.match(said({ screenshots: screenshots(2) }), /^Screenshots .*, 2 held$/m)
  assert.match(said({ screenshots: screenshots(24) }), /^Screenshots .*, at least 24 held$/m)
})

describe('what waits for an answer of the person', () => {
  const confirmation: Status['confirmation'] = {
    code: '7K4Q',
    kind: 'weakening',
    by: 'chromium',
    until: '2026-11-19T14:18:00.000Z',
    question: 'Allow a change that protects you less?',
    changes: [{ what: 'Blur screenshots', from: 'on', to: 'off' }],
  }

  test('is shown right below the state, with who asks, until when, and the command that answers', () => {
    const lines = said({ confirmation }).split('\n')
    assert.deepEqual(lines.slice(0, 7), [
      'Tracking since 14:00:00',
      '',
      'Waiting for your answer: Allow a change that protects you less?',
      '  Blur screenshots: on → off',
      '  Requested by the browser chromium. Waits until 15:18:00.',
      '  → Answer: activity-tracker confirm 7K4Q',
      '',
    ])
  })

  test('and nothing is said of it when nothing waits', () => assert.doesNotMatch(said({}), /answer/))
})
