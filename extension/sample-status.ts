import { type Status, slotsPerDay } from '../protocol/status.ts'

/** For tests: everything is well, and was last saved four seconds before `sampleNow`. */
export const sampleNow = Date.parse('2026-11-19T13:36:04Z')

export const sampleStatus: Status = {
  at: '2026-11-19T13:36:00.500Z',
  state: { kind: 'tracking', since: '2026-11-19T07:30:00Z' },
  consent: { text_version: 1, at: '2026-11-02T08:00:00Z' },
  last_saved: '2026-11-19T13:36:00Z',
  time: { zone: 'UTC', offset: '+00:00', last_change: null },
  today: {
    date: '2026-11-19',
    zone: 'UTC',
    keys: 12_480,
    clicks: 1_203,
    wheel: 3_000,
    distance_px: 800_000,
    active_seconds: 18_720,
    flagged_seconds: 0,
    slots: Array.from({ length: slotsPerDay }, () => 0),
    flagged_slots: Array.from({ length: slotsPerDay }, () => 0),
  },
  flagged: null,
  input: { state: 'counting', problem: null },
  screenshots: {
    state: 'waiting',
    displays: 1,
    last: '2026-11-19T13:35:00Z',
    next: '2026-11-19T13:40:00Z',
    problem: null,
    held: [],
  },
  queue: {
    items: 0,
    bytes: 0,
    oldest: null,
    last_delivered: '2026-11-19T13:35:10Z',
    delivered: 40,
    quarantined: 0,
    next_try: null,
    waiting: null,
    problem: null,
  },
  destination: { kind: 's3', where: 'a-bucket/activity-tracker' },
  presence: { kind: 'active', since: '2026-11-22T12:00:00.000Z', source: 'input' },
  power: null,
  keys: { recipients: ['age1sample'], identity_here: true, recovery_file: '/home/a/recovery.txt' },
  notices: [],
  agent: {
    version: '0.1.0',
    pid: 42,
    started: '2026-11-19T07:29:58Z',
    device: 'a-device',
    home: '/home/a/.local/share/activity-tracker',
    clients: 1,
  },
}
