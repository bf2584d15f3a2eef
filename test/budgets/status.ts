import assert from 'node:assert/strict'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { boundStatus } from '../../native-host/tracking/bound-status.ts'
import { encodeFrame, maxBytesOut } from '../../protocol/framing.ts'
import type { Status } from '../../protocol/status.ts'
import { sampleStatus } from '../support/sample-status.ts'

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)
const at = '2026-11-30T10:00:00.000Z'
const flagged = (evidence: number, devices: number): NonNullable<Status['flagged']> => ({
  from: at,
  to: at,
  genuineness: {
    verdict: 'scripted',
    rules: 1,
    evidence: times(evidence, { feature: 'f', value: 1, text: 't' }),
    provenance: { injected_seconds: 1, devices: times(devices, 'd') },
  },
})
const held: Status['screenshots']['held'][number] = {
  ...{ object: 'o', taken: at, until: at, display: 1, of: 1, width: 1, height: 1 },
  ...{ blurred: true, viewable: true },
}
const blurred: Status['screenshots']['blurred'][number] = { display: 1, reason: 'private-window' }
const zone = { zone: 'UTC', active_seconds: 1, flagged_seconds: 0, slots: [], flagged_slots: [] }

/** A status with `count` entries in the list at `path`, which is `lengthOf` it. */
const lists: Record<string, [(count: number) => Partial<Status>, path: string]> = {
  statusNotices: [count => ({ notices: times(count, { code: 'INTERNAL' }) }), 'notices'],
  statusHeld: [
    count => ({ screenshots: { ...sampleStatus.screenshots, held: times(count, held) } }),
    'screenshots.held',
  ],
  statusBlurred: [
    count => ({ screenshots: { ...sampleStatus.screenshots, blurred: times(count, blurred) } }),
    'screenshots.blurred',
  ],
  statusFlagged: [count => ({ flagged_before: times(count, flagged(1, 1)) }), 'flagged_before'],
  statusDays: [
    count => ({
      days: times(count, { date: '2026-11-30', zone: 'UTC', active_seconds: 1, flagged_seconds: 0 }),
    }),
    'days',
  ],
  statusZones: [
    count => ({ today: { ...sampleStatus.today, elsewhere: times(count, zone) } }),
    'today.elsewhere',
  ],
  statusSlots: [count => ({ today: { ...sampleStatus.today, slots: times(count, 1) } }), 'today.slots'],
  statusEvidence: [count => ({ flagged: flagged(count, 1) }), 'flagged.genuineness.evidence'],
  statusDevices: [
    count => ({ flagged_before: [flagged(1, count)] }),
    'flagged_before.genuineness.provenance.devices',
  ],
  statusRecipients: [
    count => ({ keys: { ...sampleStatus.keys, recipients: times(count, 'age1') } }),
    'keys.recipients',
  ],
  statusChanges: [
    count => ({
      confirmation: {
        ...{ code: '7K4Q', kind: 'pictures', by: 'chromium', until: at, question: 'q' },
        changes: times(count, { what: 'w', from: 'f', to: 't' }),
      },
    }),
    'confirmation.changes',
  ],
}

function listTrial(name: keyof typeof lists, most: number): void {
  const [make, path] = lists[name] ?? assert.fail(name)
  const whole: Status = { ...sampleStatus, ...make(most) }
  assert.deepEqual(boundStatus(whole), whole)
  assert.deepEqual(boundStatus({ ...sampleStatus, ...make(most + 1) }), {
    ...whole,
    left_out: { [path]: 1 },
  })
  assert.deepEqual(boundStatus({ ...sampleStatus, ...make(20_000) }).left_out, { [path]: 20_000 - most })
}

export const statusTrials = {
  statusNotices: () => listTrial('statusNotices', budgets.statusNotices.most),
  statusHeld: () => listTrial('statusHeld', budgets.statusHeld.most),
  statusBlurred: () => listTrial('statusBlurred', budgets.statusBlurred.most),
  statusFlagged: () => listTrial('statusFlagged', budgets.statusFlagged.most),
  statusDays: () => listTrial('statusDays', budgets.statusDays.most),
  statusZones: () => listTrial('statusZones', budgets.statusZones.most),
  statusSlots: () => listTrial('statusSlots', budgets.statusSlots.most),
  statusEvidence: () => listTrial('statusEvidence', budgets.statusEvidence.most),
  statusDevices: () => listTrial('statusDevices', budgets.statusDevices.most),
  statusRecipients: () => listTrial('statusRecipients', budgets.statusRecipients.most),
  statusChanges: () => listTrial('statusChanges', budgets.statusChanges.most),

  statusText() {
    const { most } = budgets.statusText
    const withText = (detail: string): Status => ({
      ...sampleStatus,
      notices: [{ code: 'INTERNAL', detail }],
    })
    assert.deepEqual(boundStatus(withText('x'.repeat(most))), withText('x'.repeat(most)))
    const [notice] = boundStatus(withText('x'.repeat(most + 1))).notices
    assert.equal(notice?.detail, `${'x'.repeat(most - 1)}…`)
  },

  /** Every list full of the longest texts that JSON makes the most of. */
  statusBytes() {
    const text = '\u0001'.repeat(20_000)
    const evidence = { feature: text, value: 1, text }
    const worst = flagged(1, 1)
    worst.genuineness.evidence = times(1000, evidence)
    if (worst.genuineness.provenance) worst.genuineness.provenance.devices = times(1000, text)
    const status: Status = {
      ...sampleStatus,
      notices: times(1000, { code: 'INTERNAL', detail: text }),
      flagged: worst,
      flagged_before: times(100, worst),
      keys: { ...sampleStatus.keys, recipients: times(20_000, text), recovery_file: text },
      destination: { kind: 'folder', where: text },
      agent: { ...sampleStatus.agent, home: text, device: text, version: text },
    }
    const bounded = boundStatus(status)
    assert.ok(encodeFrame({ type: 'status', status: bounded }, maxBytesOut).length > 100_000)
    assert.ok((bounded.left_out?.['keys.recipients'] ?? 0) > 19_000)
  },
}
