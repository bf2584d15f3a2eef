import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, JournalRecord } from '../../protocol/records.ts'
import { createPictureCheck } from './check-pictures.ts'

const picture = { display: 1, of: 1, width: 2, height: 2, blurred: false }
const deleted = { taken: '2026-11-22T10:00:00.000Z', display: 1, of: 1, reason: 'user' as const }

/** Records at these minutes of an hour, and objects by their names, in this order. */
function check(...steps: ([minute: number, entry: Entry] | string)[]) {
  return checkAt('2026-11-22T11:00:00Z', ...steps)
}

function checkAt(now: string, ...steps: ([minute: number, entry: Entry] | string)[]) {
  const pictures = createPictureCheck()
  let seq = 0
  for (const step of steps) {
    if (typeof step === 'string') pictures.object({ name: step, key: undefined, isSigned: true })
    else pictures.record(at(step[0], step[1]))
  }
  const { findings, notes } = pictures.end(Temporal.Instant.from(now))
  return { findings, notes }

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

const held = (object: string): Entry => ({
  kind: 'screenshot',
  ...picture,
  object: `d/1/${object}`,
  held_until: '2026-11-22T10:50:00.000Z',
})

const onItsWay = { findings: [], notes: [{ kind: 'screenshot-on-its-way', object: 'a', seq: 1 }] }
const missing = { findings: [{ kind: 'screenshot-missing', object: 'a', seq: 1 }], notes: [] }
const ages: [name: string, now: string, steps: Parameters<typeof check>, is: object][] = [
  ['of the last minutes', '2026-11-22T10:10:00Z', [[0, shot('a')]], onItsWay],
  ['of the last minutes, by a clock that is behind', '2026-11-22T09:00:00Z', [[0, shot('a')]], onItsWay],
  ['of half an hour ago', '2026-11-22T10:30:00Z', [[0, shot('a')]], missing],
  ['held when the computer was turned off', '2026-11-24T09:00:00Z', [[0, held('a')]], onItsWay],
  ['held by one not heard of for weeks', '2026-12-24T09:00:00Z', [[0, held('a')]], missing],
  [
    'held, and released a moment ago',
    '2026-11-22T10:59:00Z',
    [
      [0, held('a')],
      [59, { kind: 'resumed' }],
    ],
    onItsWay,
  ],
  [
    'held, in whose time the clock was set forward',
    '2026-11-22T10:59:00Z',
    [
      [0, held('a')],
      [1, { kind: 'clock.changed', by_ms: -3_000_000 }],
      [2, { kind: 'resumed' }],
    ],
    onItsWay,
  ],
]
for (const [name, now, steps, is] of ages)
  test(`one ${name} is ${is === missing ? 'missing' : 'on its way'}`, () =>
    assert.deepEqual(checkAt(now, ...steps), is))

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

test('one that a record says was deleted, and that is here, is found', () => {
  const gone: Entry = { kind: 'screenshot.deleted', ...deleted, object: 'd/1/a' }
  const found = { findings: [{ kind: 'screenshot-removed', object: 'a', seq: 2 }], notes: [] }
  assert.deepEqual(check([0, shot('a')], [1, gone], 'a'), found)
  assert.deepEqual(check('a', [0, { kind: 'resumed' }], [1, gone]), found)
})

test('one that stands under another date than its record says is found', () => {
  const pictures = createPictureCheck()
  pictures.object({ name: 'a', key: 'device/2026-11-23/a', isSigned: true })
  pictures.record({
    ...{ seq: 1, prev: '0'.repeat(64), at: '2026-11-22T10:00:00Z', zone: 'UTC', offset: '+00:00' },
    ...shot('a'),
  })
  const { findings } = pictures.end(Temporal.Instant.from('2026-11-22T11:00:00Z'))
  assert.deepEqual(findings, [{ kind: 'object-moved', object: 'a', from: 'device/2026-11-22/a' }])
})

test('one that no record names is noted', () => {
  assert.deepEqual(check('a').notes, [{ kind: 'screenshot-unrecorded', object: 'a' }])
})

test('a picture that was blurred is missing under its new name, and due when the first was', () => {
  const taken = deleted.taken
  const blurred: Entry = { kind: 'screenshot.blurred', object: 'd/1/a', by: 'd/1/b', taken, reason: 'user' }
  const lookAt = (now: string, first: Entry) => checkAt(now, [0, first], [1, blurred])
  const names = (found: ReturnType<typeof checkAt>) =>
    [found.findings, found.notes].map(of => of.map(one => one.object))
  const later = checkAt('2026-11-22T10:15:30Z', [0, shot('a')], [1, blurred], [15, { kind: 'resumed' }])
  assert.deepEqual(names(later), [['b'], []])
  assert.deepEqual(names(lookAt('2026-11-22T11:04:59Z', held('a'))), [[], ['b']])
  assert.deepEqual(names(lookAt('2026-11-24T10:00:00Z', held('a'))), [[], ['b']])
  const unheld = checkAt('2026-11-22T10:15:30Z', [1, blurred])
  assert.deepEqual(names(unheld), [[], ['b']])
})

test('one that stands elsewhere than a record of before says is found, too', () => {
  const pictures = createPictureCheck()
  const place = { prev: '0'.repeat(64), at: '2026-11-22T10:00:00Z', zone: 'UTC', offset: '+00:00' }
  pictures.record({ seq: 1, ...place, ...shot('a') })
  pictures.object({ name: 'a', key: 'device/2026-11-23/a', isSigned: true })
  const { findings } = pictures.end(Temporal.Instant.from('2026-11-22T11:00:00Z'))
  assert.deepEqual(findings, [{ kind: 'object-moved', object: 'a', from: 'device/2026-11-22/a' }])
})

test('one of which something else was found is not missing, before its record or after it', () => {
  for (const order of ['before', 'after']) {
    const pictures = createPictureCheck()
    const place = { prev: '0'.repeat(64), at: '2026-11-22T10:00:00Z', zone: 'UTC', offset: '+00:00' }
    if (order === 'before') pictures.found('a')
    pictures.record({ seq: 1, ...place, ...shot('a') })
    if (order === 'after') pictures.found('a')
    assert.deepEqual(pictures.end(Temporal.Instant.from('2026-11-22T11:00:00Z')).findings, [], order)
  }
})

test('the first record whose picture may be on its way is reported', () => {
  const pictures = createPictureCheck()
  for (const [seq, name] of ['a', 'b'].entries())
    pictures.record({
      ...{ seq, prev: '0'.repeat(64), at: `2026-11-22T10:0${seq}:00.000Z`, zone: 'UTC', offset: '+00:00' },
      ...shot(name),
    })
  const now = Temporal.Instant.from('2026-11-22T10:02:00Z')
  assert.equal(pictures.end(now).firstOnItsWay, '2026-11-22T10:00:00.000Z')
  assert.equal(createPictureCheck().end(now).firstOnItsWay, undefined)
})
