import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SetFinding } from '../verify/compare-devices.ts'
import { describeVerifications, type VerifiedDevice } from './describe-verification.ts'

const key = 'k'.repeat(43)
const whole: VerifiedDevice = {
  ...{ folder: 'anna', device: 'anna', findings: [], notes: [], gaps: [] },
  ...{ records: 12, segments: 3, screenshots: 2, firstSigned: 1, keys: [key] },
  from: '2026-11-22T10:00:00.000Z',
  to: '2026-11-22T10:30:00.000Z',
  provenTo: '2026-11-22T10:20:00.000Z',
}
const text = (device: Partial<VerifiedDevice>, across: SetFinding[] = []) =>
  describeVerifications([{ ...whole, ...device }], across, [], 'Europe/Berlin').join('\n')

test('when nothing was found it says up to when, and that an end that was cut off is not seen', () => {
  assert.match(
    text({}),
    /✔ Proven up to 2026-11-22 11:20:00: .* before then\.\n.*cut off, that leaves no trace/,
  )
  assert.doesNotMatch(text({}), /✘|intact/)
})

describe('it says "proven" of nothing else', () => {
  const begunAnew: SetFinding = { kind: 'history-begun-anew', key, devices: ['anna', 'boris'] }
  const rows: [what: string, device: Partial<VerifiedDevice>, across: SetFinding[], says: RegExp][] = [
    [
      'something was found',
      { findings: [{ kind: 'object-changed', object: 'a.age' }] },
      [],
      /✘ a\.age: its content is not what its name says/,
    ],
    ['its history was begun anew', {}, [begunAnew], /✘ anna and boris are one device/],
    [
      'no signature covers what is here',
      { provenTo: undefined, firstSigned: undefined, keys: [] },
      [],
      /Nothing wrong was found, but nothing is proven/,
    ],
  ]
  for (const [what, device, across, says] of rows)
    test(what, () => {
      const said = text(device, across)
      assert.match(said, says)
      assert.doesNotMatch(said, /✔|Proven up to|intact/)
    })
})

test('a gap that is shorter than its moments can show is not written as from one to the same', () => {
  const gaps: VerifiedDevice['gaps'] = [
    { from: '2026-11-22T10:00:00.100Z', to: '2026-11-22T10:00:00.400Z', cause: 'starting' },
    { from: '2026-11-22T10:01:00.000Z', to: '2026-11-22T10:01:43.000Z', cause: 'starting' },
  ]
  const said = text({ gaps })
  assert.match(said, /^ {4}2026-11-22 11:00:00 +< 1 s {2}the tracker was starting$/m)
  assert.match(said, /^ {4}2026-11-22 11:01:00 – 2026-11-22 11:01:43 +43 s {2}the tracker was starting$/m)
})

test('another device’s history that was begun again takes nothing from this one', () => {
  const across: SetFinding[] = [{ kind: 'history-begun-anew', key, devices: ['boris', 'clara'] }]
  assert.match(text({}, across), /✔ Proven up to/)
})
