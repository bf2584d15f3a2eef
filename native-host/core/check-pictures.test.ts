import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, JournalRecord } from '../../protocol/records.ts'
import { createPictureCheck } from './check-pictures.ts'

const picture = { display: 1, of: 1, width: 2, height: 2, blurred: false }
const deleted = { taken: '2026-11-22T10:00:00.000Z', display: 1, of: 1, reason: 'user' as const }

/** Records at these minutes of an hour, and objects by their names, in this order. */
function check(...steps: ([minute: number, entry: Entry] | string)[]) {
  const pictures = createPictureCheck()
  let seq = 0
  for (const step of steps) {
    if (typeof step === 'string') pictures.object(step)
    else pictures.record(at(step[0], step[1]))
  }
  return pictures.end()

  function at(minute: number, entry: Entry): JournalRecord {
    const time = `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`
    return { seq: ++seq, prev: '0'.repeat(64), at: time, zone: 'UTC', offset: '+00:00', ...entry }
  }
}

const shot = (object: string): Entry => ({
  kind: 'screenshot',
  ...picture,
  object: `device/2026-11-22/${object}`,
})

test('a picture may be delivered before its record or after it', () => {
  assert.deepEqual(check('a', [0, shot('a')], [1, shot('b')], 'b'), { findings: [], notes: [] })
})

test('one that a record names and that is not here is missing', () => {
  const { findings } = check([0, shot('a')], [30, { kind: 'resumed' }])
  assert.deepEqual(findings, [{ kind: 'screenshot-missing', object: 'a', seq: 1 }])
})

test('one of the last minutes may be on its way', () => {
  const { findings, notes } = check([0, shot('a')], [10, { kind: 'resumed' }])
  assert.deepEqual(findings, [])
  assert.deepEqual(notes, [{ kind: 'screenshot-on-its-way', object: 'a', seq: 1 }])
})

test('as long as it is held back, it is not missing', () => {
  const held: Entry = {
    kind: 'screenshot',
    ...picture,
    object: 'd/1/a',
    held_until: '2026-11-22T10:50:00.000Z',
  }
  assert.deepEqual(check([0, held], [59, { kind: 'resumed' }]).findings, [])
})

test('one that the person deleted before it was delivered is not missing, and one that they blurred is another', () => {
  const taken = deleted.taken
  const { findings } = check(
    [0, shot('a')],
    [1, { kind: 'screenshot.deleted', ...deleted, object: 'device/2026-11-22/a' }],
    [2, shot('b')],
    [3, { kind: 'screenshot.blurred', object: 'd/1/b', by: 'd/1/c', taken, reason: 'user' }],
    'c',
    [59, { kind: 'resumed' }],
  )
  assert.deepEqual(findings, [])
})

test('one that no record names is told', () => {
  assert.deepEqual(check('a').notes, [{ kind: 'screenshot-unrecorded', object: 'a' }])
})
