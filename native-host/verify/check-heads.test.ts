import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  chainOf,
  type Form,
  isSigned,
  pictureHead,
  seen,
  seenPicture,
  segmentsOf,
} from '../../test/support/signed-journal.ts'
import { createHeadCheck, type SeenObject } from './check-heads.ts'

const lines = chainOf(
  Array.from({ length: 6 }, () => ({ kind: 'resumed' as const, by: 'cli' })),
  { form: 2 },
)
const of = (form: Form, key = 'key') =>
  segmentsOf(lines, [2, 4], { form, key }).map(seen) as [SeenObject, SeenObject, SeenObject]
const unsigned = (object: SeenObject): SeenObject => ({ ...object, head: undefined })
const check = (trusted: string[] = []) => createHeadCheck({ isSigned, trusted })

/** The findings of each object, and whether its content counts. */
function judged(objects: readonly SeenObject[], trusted: string[] = []) {
  const heads = check(trusted)
  const found = objects.map(object => {
    const { findings, head, counts } = heads.judge(object)
    return [findings.map(({ kind }) => kind).join(), head !== undefined, counts]
  })
  return { found, end: heads.end().map(({ kind }) => kind), summary: heads.summary() }
}

const [first, second, third] = of(2)
const [oldFirst, oldSecond] = of(1)
const place = (object: SeenObject, changes: Partial<SeenObject['place']>): SeenObject => ({
  ...object,
  place: { ...object.place, ...changes },
})
type Found = [kinds: string, reliable: boolean, counts: boolean]
const fine: Found = ['', true, true]
const cases: [what: string, objects: SeenObject[], found: Found[], end: string[]][] = [
  ['all of them signed', [first, second, third], [fine, fine, fine], []],
  [
    'none of them signed',
    [first, second].map(unsigned),
    [
      ['', false, true],
      ['', false, true],
    ],
    [],
  ],
  [
    'one that is not signed behind one that is',
    [first, unsigned(second)],
    [fine, ['signature-missing', false, false]],
    [],
  ],
  [
    'one that is not signed behind one of the old form',
    [oldFirst, unsigned(oldSecond)],
    [fine, ['signature-missing', false, true]],
    [],
  ],
  ['the old form, and then the new one that follows it', [oldFirst, second], [fine, fine], []],
  ['the old form behind the new one', [first, oldSecond], [fine, ['form-old', false, false]], []],
  ['the old form before one that follows nothing', [oldFirst, first], [fine, ['form-old', true, true]], []],
  [
    'an unsigned one before one that follows nothing',
    [unsigned(oldFirst), first],
    [
      ['', false, true],
      ['form-old', true, true],
    ],
    [],
  ],
  [
    'a signature that is wrong',
    [{ ...first, head: { ...(first.head ?? assert.fail()), signature: 'x' } }],
    [['signature-wrong', false, false]],
    [],
  ],
  ['a signature of other bytes', [{ ...first, rest: 'other' }], [['signature-copied', false, false]], []],
  ['another key', [first, of(2, 'other')[1]], [fine, ['signature-foreign', false, false]], []],
  ['another number', [place(first, { number: 11 })], [['object-moved', true, false]], []],
  ['another kind', [place(first, { kind: 'screenshot' })], [['object-moved', true, false]], []],
  ['another date', [place(first, { date: '2026-11-23' })], [['object-moved', true, false]], []],
  ['a date that is not known', [place(first, { date: undefined })], [fine], []],
  [
    'a folder of another name',
    [place(first, { device: 'mine' }), place(second, { device: 'mine' })],
    [['device-renamed', true, true], fine],
    [],
  ],
  ['a folder that is not known', [place(first, { device: undefined })], [fine], []],
]
describe('the heads of', () => {
  for (const [what, objects, found, end] of cases)
    test(what, () => {
      const all = judged(objects)
      assert.deepEqual(all.found, found)
      assert.deepEqual(all.end, end)
    })
})

test('an object of another device among them is moved', () => {
  const foreign = { ...second, head: { ...(second.head ?? assert.fail()), device: 'device-2' } }
  const heads = createHeadCheck({ isSigned: () => true, trusted: [] })
  assert.deepEqual(heads.judge(first).findings, [])
  assert.deepEqual(heads.judge(foreign).findings, [
    { kind: 'object-moved', object: 'segment 2', from: 'device-2/2026-11-22/20 (records)' },
  ])
  const old = createHeadCheck({ isSigned: () => true, trusted: [] })
  old.judge(oldFirst)
  assert.deepEqual(
    old.judge({ ...oldSecond, head: { ...(oldSecond.head ?? assert.fail()), device: 'device-2' } }).findings,
    [{ kind: 'object-moved', object: 'segment 2', from: 'device-2' }],
  )
})

test('with a given key, objects that no signature covers are found at the end', () => {
  assert.deepEqual(judged([first, second].map(unsigned), ['key']).end, [
    'signature-missing',
    'signature-missing',
  ])
  assert.deepEqual(judged([unsigned(oldFirst), second], ['key']).end, [])
})

test('the summary names the device, the first signed record and the keys', () => {
  assert.deepEqual(judged([first, second]).summary, { device: 'device-1', firstSigned: 2, keys: ['key'] })
  assert.deepEqual(judged([unsigned(first)]).summary, { device: undefined, firstSigned: undefined, keys: [] })
})

describe('a head that says how far the chain had got', () => {
  const head = (seq: number, hash = `hash ${seq}`) => ({ seq, hash })
  test('is compared with the record, which was here before', () => {
    const heads = check()
    heads.pass(head(5))
    assert.deepEqual(heads.compare('a', head(5), head(6)), [])
    assert.deepEqual(heads.compare('a', head(5, 'other'), head(6)), [
      { kind: 'head-contradicted', object: 'a', seq: 5 },
    ])
    assert.deepEqual(heads.compare('a', head(4, 'other'), head(6)), [])
    assert.deepEqual(heads.compare('a', head(6, 'other'), head(6)), [])
    heads.pass(head(6))
    assert.equal(heads.compare('a', head(6, 'other'), head(6)).length, 1)
  })
  test('or which comes later, once', () => {
    const heads = check()
    assert.deepEqual(heads.compare('a', head(7, 'other'), head(6)), [])
    assert.deepEqual(heads.pass(head(7)), [{ kind: 'head-contradicted', object: 'a', seq: 7 }])
    assert.deepEqual(heads.pass(head(7)), [])
    assert.deepEqual(heads.compare('a', head(8), head(7)), [])
    assert.deepEqual(heads.pass(head(8)), [])
    assert.equal(heads.missingEnd(head(8)), undefined)
  })
  test('or which never comes', () => {
    const heads = check()
    heads.compare('a', head(9), head(6))
    heads.compare('b', head(8), head(6))
    assert.deepEqual(heads.missingEnd(head(6)), { object: 'a', from: 7, to: 9 })
    assert.equal(heads.missingEnd(head(9)), undefined)
    assert.equal(check().missingEnd(head(9)), undefined)
  })
  test('is known for ten thousand records back', () => {
    const heads = check()
    for (let seq = 1; seq <= 10_001; seq++) heads.pass(head(seq))
    assert.deepEqual(heads.compare('a', head(1, 'other'), head(10_001)), [])
    assert.equal(heads.compare('a', head(2, 'other'), head(10_001)).length, 1)
  })
})

test('a picture has a head, too', () => {
  const picture = seenPicture('a', 40, pictureHead(lines, { form: 2, number: 40 }))
  assert.deepEqual(judged([picture, first]).found, [fine, fine])
  assert.deepEqual(judged([unsigned(first), picture]).found, [['', false, true], fine])
})
