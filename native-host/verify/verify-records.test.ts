import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Entry } from '../../protocol/records.ts'
import {
  chainOf,
  type Form,
  isSigned,
  pictureHead,
  type Segment,
  seen,
  seenPicture,
  segmentsOf,
  sha256,
} from '../../test/support/signed-journal.ts'
import { createVerification } from './verify-records.ts'

const at = (second: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + 1000 * second).toISOString()
const noon = Temporal.Instant.from('2026-11-22T12:00:00Z')
const soon = Temporal.Instant.from('2026-11-22T10:05:00Z')
const shot = (object: string): Entry => ({
  ...{ kind: 'screenshot', object, display: 1, of: 1, width: 2, height: 2, blurred: false },
})
const resumed: Entry = { kind: 'resumed', by: 'cli' }
const verification = (trusted: string[] = []) => createVerification({ sha256, isSigned, trusted })

/** Records of ten seconds each, three to a segment. */
function journal(entries: readonly Entry[], form: Form = 2): { lines: string[]; segments: Segment[] } {
  const lines = chainOf(entries, { form })
  return { lines, segments: segmentsOf(lines, [3, 6, 9], { form }) }
}
const plain = (count: number) => Array.from({ length: count }, () => resumed)

function verified(segments: readonly Segment[], now = noon) {
  const all = verification()
  for (const segment of segments) all.segment(seen(segment), segment.lines)
  return all.end(now)
}

describe('of complete records', () => {
  const { findings, notes, ...told } = verified(journal(plain(9)).segments)
  test('nothing is found', () => assert.deepEqual([findings, notes], [[], []]))
  test('the report gives the number of records, their times, and the proving key', () =>
    assert.deepEqual(told, {
      device: 'device-1',
      gaps: [{ from: at(0), to: at(80), cause: 'unexplained' }],
      records: 9,
      segments: 3,
      screenshots: 0,
      from: at(0),
      to: at(80),
      firstSigned: 3,
      provenTo: at(80),
      keys: ['key'],
    }))
  test('nothing at all proves nothing', () => {
    const none = verification().end(noon)
    assert.deepEqual([none.records, none.from, none.to, none.provenTo], [0, undefined, undefined, undefined])
  })
})

describe('an object that is missing', () => {
  const { segments } = journal(plain(9))
  const [first, second, third] = segments as [Segment, Segment, Segment]
  const missing = (object: string, from: number, to: number) => ({ object, from, to })
  test('between others is missing records, and nothing is proven', () => {
    const { findings, notes, provenTo } = verified([first, third])
    assert.deepEqual(findings, [{ kind: 'records-missing', ...missing('segment 3', 4, 6) }])
    assert.deepEqual([notes, provenTo], [[], undefined])
  })
  test('while it may be on its way is a note, and the records before it are proven', () => {
    const { findings, notes, provenTo } = verified([first, third], soon)
    assert.deepEqual(findings, [])
    assert.deepEqual(notes, [{ kind: 'records-on-their-way', ...missing('segment 3', 4, 6) }])
    assert.equal(provenTo, at(20))
  })
  test('at the beginning leaves nothing proven, even if it may be on its way', () => {
    const { notes, provenTo } = verified([second, third], soon)
    assert.deepEqual([notes.length, provenTo], [1, undefined])
  })
  test('at the end is known from a picture that was sealed later', () => {
    const end = (now: Temporal.Instant) => {
      const all = verification()
      for (const segment of [first, second]) all.segment(seen(segment), segment.lines)
      all.screenshot(
        seenPicture('a.jpg.age', 40, pictureHead(journal(plain(9)).lines, { form: 2, number: 40 })),
      )
      return all.end(now)
    }
    const late = end(noon)
    assert.deepEqual(late.findings, [{ kind: 'end-missing', ...missing('a.jpg.age', 7, 9) }])
    assert.equal(late.provenTo, undefined)
    const early = end(soon)
    assert.deepEqual(early.findings, [])
    assert.deepEqual(early.notes[0], { kind: 'records-on-their-way', ...missing('a.jpg.age', 7, 9) })
    assert.equal(early.provenTo, at(50))
  })
  test('a line that is missing within a segment cannot be on its way', () => {
    const cut = { ...second, lines: second.lines.toSpliced(1, 1) }
    const { findings } = verified([first, cut, third], soon)
    assert.ok(
      findings.some(({ kind }) => kind === 'records-missing' || kind === 'signature-copied'),
      JSON.stringify(findings),
    )
  })
})

describe('a number that comes twice', () => {
  const { segments } = journal(plain(6))
  const [first, second] = segments as [Segment, Segment]
  test('with the very same object is found, and counted once', () => {
    const { findings, records, segments: count } = verified([first, first, second])
    assert.deepEqual(findings, [{ kind: 'number-twice', object: 'segment 1' }])
    assert.deepEqual([records, count], [6, 2])
  })
  test('with another object is found, and both are read', () => {
    const other = { ...first, object: 'another' }
    const { findings, segments: count } = verified([first, other, second])
    assert.deepEqual(findings[0], { kind: 'number-twice', object: 'another' })
    assert.equal(count, 3)
  })
  test('as a picture, too', () => {
    const all = verification()
    const head = pictureHead(first.lines, { form: 2, number: 40 })
    all.segment(seen(first), first.lines)
    for (const name of ['a', 'a']) all.screenshot(seenPicture(name, 40, head))
    const { findings, screenshots } = all.end(noon)
    assert.deepEqual(findings, [{ kind: 'number-twice', object: 'a' }])
    assert.equal(screenshots, 1)
  })
})

describe('pictures', () => {
  const { lines, segments } = journal([resumed, shot('device-1/2026-11-22/a'), resumed])
  const withPicture = (name: string, entries?: readonly Entry[]) => {
    const { lines: own, segments: all } = entries ? journal(entries) : { lines, segments }
    const checked = verification()
    for (const segment of all) checked.segment(seen(segment), segment.lines)
    checked.screenshot(seenPicture(name, 40, pictureHead(own, { form: 2, number: 40 })))
    return checked.end(noon)
  }
  test('that a record names and that are here are as they should be', () => {
    const { findings, notes, screenshots } = withPicture('a')
    assert.deepEqual([findings, notes, screenshots], [[], [], 1])
  })
  test('that no record names are noted, and whether that is proven', () => {
    assert.deepEqual(withPicture('b', plain(3)).notes, [{ kind: 'screenshot-unrecorded', object: 'b' }])
    const old = journal(plain(3), 1)
    const all = verification()
    for (const segment of old.segments) all.segment(seen(segment), segment.lines)
    all.screenshot(seenPicture('b', 40, pictureHead(old.lines, { form: 1 })))
    assert.deepEqual(all.end(noon).notes, [{ kind: 'screenshot-unproven', object: 'b' }])
  })
  test('that a record names and that are not here are missing', () =>
    assert.deepEqual(verified(segments).findings, [{ kind: 'screenshot-missing', object: 'a', seq: 2 }]))
  test('that may be on their way end what is proven before their record', () => {
    const { findings, notes, provenTo } = verified(segments, soon)
    assert.deepEqual(findings, [])
    assert.deepEqual(notes, [{ kind: 'screenshot-on-its-way', object: 'a', seq: 2 }])
    assert.equal(provenTo, at(10))
  })
  test('that lie under another date than their record says are found', () => {
    const entries = [resumed, shot('device-1/2026-11-23/a'), resumed]
    assert.deepEqual(withPicture('a', entries).findings, [
      { kind: 'object-moved', object: 'a', from: 'device-1/2026-11-23/a' },
    ])
  })
  test('of which something else was found are not missing as well', () => {
    const all = verification()
    const head = pictureHead(lines, { form: 2, number: 40 })
    for (const segment of segments) all.segment(seen(segment), segment.lines)
    all.screenshot({ ...seenPicture('a', 40, head), rest: 'other bytes' })
    assert.deepEqual(all.end(noon).findings, [{ kind: 'signature-copied', object: 'a' }])
  })
})

test('a finding from before an object is opened is reported, and nothing is proven then', () => {
  const all = verification()
  for (const segment of journal(plain(3)).segments) all.segment(seen(segment), segment.lines)
  all.bad('object-changed', 'a')
  all.bad('object-unopenable', 'b')
  all.unreadable('c', 'a link')
  const { findings, provenTo } = all.end(noon)
  assert.deepEqual(findings, [
    { kind: 'object-changed', object: 'a' },
    { kind: 'object-unopenable', object: 'b' },
    { kind: 'object-unreadable', object: 'c', why: 'a link' },
  ])
  assert.equal(provenTo, undefined)
})

test('a line that is no record stays a finding, however recent it is', () => {
  const [segment] = journal(plain(3), 1).segments
  assert.ok(segment)
  const { findings, notes } = verified([{ ...segment, lines: segment.lines.with(1, '{}') }], soon)
  assert.deepEqual(findings[0], { kind: 'line-unreadable', object: 'segment 1', line: 2 })
  assert.deepEqual(notes, [])
})
