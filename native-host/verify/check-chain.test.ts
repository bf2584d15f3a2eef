import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  chainOf,
  type Form,
  headAfter,
  isSigned,
  pictureHead,
  type Segment,
  seen,
  seenPicture,
  segmentsOf,
  sha256,
  sign,
  signedHead,
} from '../../test/support/signed-journal.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import { createChainCheck } from './check-chain.ts'

const entries = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ kind: 'resumed' as const, by: `browser ${n % 3}` }))

function check(segments: readonly Segment[], trusted: string[] = [], later: (SignedHead | undefined)[] = []) {
  const chain = createChainCheck({ sha256, isSigned, trusted })
  const found = segments.flatMap(segment => chain.segment(seen(segment), segment.lines))
  for (const head of later) found.push(...chain.other(seenPicture('a picture', 999, head)).findings)
  const { findings, missing } = chain.end()
  return [...found, ...findings, ...(missing ? [{ kind: 'end-missing' as const, ...missing }] : [])]
}

const kinds = (findings: { kind: string }[]) => findings.map(({ kind }) => kind)

const journal = fc
  .record({
    count: fc.integer({ min: 1, max: 30 }),
    cuts: fc.array(fc.integer({ min: 1, max: 29 })),
    form: fc.constantFrom<Form>(1, 2),
  })
  .map(({ count, cuts, form }) => segmentsOf(chainOf(entries(count), { form }), cuts, { form }))

/** Where in a journal: a segment and a line of it, both as fractions. */
const place = fc.record({
  of: fc.double({ min: 0, max: 0.999, noNaN: true }),
  line: fc.double({ min: 0, max: 0.999, noNaN: true }),
})

function changed(
  segments: readonly Segment[],
  { of, line }: { of: number; line: number },
  change: (lines: string[], at: number) => string[],
): Segment[] {
  const which = Math.floor(of * segments.length)
  return segments.map((segment, index) => {
    if (index !== which) return segment
    return { ...segment, lines: change([...segment.lines], Math.floor(line * segment.lines.length)) }
  })
}

describe('property: nothing is found in an untouched journal', () => {
  test('signed or not, however it is cut', () =>
    fc.assert(
      fc.property(journal, fc.boolean(), (segments, signed) => {
        // Salted records are never without a head.
        const unsigned = segments.map(segment => ({
          ...segment,
          head: segment.head?.form === 2 ? segment.head : undefined,
        }))
        const read = signed ? segments : unsigned
        assert.deepEqual(check(read), [])
      }),
    ))
})

describe('property: every single change is found', () => {
  test('one character of one record', () =>
    fc.assert(
      fc.property(journal, place, fc.nat(), fc.nat(94), (segments, where, at, code) => {
        let same = false
        const read = changed(segments, where, (lines, n) => {
          const line = lines[n] ?? ''
          const index = at % line.length
          const other = String.fromCharCode(32 + code)
          same = line[index] === other
          return lines.with(n, line.slice(0, index) + other + line.slice(index + 1))
        })
        fc.pre(!same)
        assert.ok(check(read).length > 0)
      }),
      { numRuns: 500 },
    ))

  test('one record taken out', () =>
    fc.assert(
      fc.property(journal, place, (segments, where) => {
        assert.ok(check(changed(segments, where, (lines, n) => lines.toSpliced(n, 1))).length > 0)
      }),
    ))

  test('one record put in twice', () =>
    fc.assert(
      fc.property(journal, place, (segments, where) => {
        assert.ok(
          check(changed(segments, where, (lines, n) => lines.toSpliced(n, 0, lines[n] ?? ''))).length > 0,
        )
      }),
    ))

  test('two neighbours changed places', () =>
    fc.assert(
      fc.property(journal, place, (segments, where) => {
        let moved = false
        const read = changed(segments, where, (lines, n) => {
          const [a, b] = [lines[n], lines[n + 1]]
          if (a === undefined || b === undefined) return lines
          moved = true
          return lines.toSpliced(n, 2, b, a)
        })
        fc.pre(moved)
        assert.ok(check(read).length > 0)
      }),
    ))

  test('a segment that was cut short', () =>
    fc.assert(
      fc.property(journal, place, (segments, where) => {
        assert.ok(check(changed(segments, where, (lines, n) => lines.slice(0, n))).length > 0)
      }),
    ))

  test('a whole segment taken out, were it not the last', () =>
    fc.assert(
      fc.property(journal, fc.nat(), (segments, n) => {
        fc.pre(segments.length > 1)
        assert.ok(check(segments.toSpliced(n % (segments.length - 1), 1)).length > 0)
      }),
    ))

  test('the last segment taken out, once something was sealed after it', () =>
    fc.assert(
      fc.property(journal, segments => {
        const last = segments.at(-1)
        const head = pictureHead(last?.lines ?? [], { form: last?.head?.form ?? 1, number: 999 })
        const found = check(segments.slice(0, -1), [], [head])
        assert.deepEqual(kinds(found), ['end-missing'])
      }),
    ))

  test('two segments that changed places', () =>
    fc.assert(
      fc.property(journal, fc.nat(), (segments, n) => {
        fc.pre(segments.length > 1)
        const at = n % (segments.length - 1)
        const [a, b] = [segments[at], segments[at + 1]]
        assert.ok(a && b && check(segments.toSpliced(at, 2, b, a)).length > 0)
      }),
    ))

  test('a journal rewritten from some record on, without the key', () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (count, at) => {
        const honest = entries(count)
        const forged = honest.with(at % count, { kind: 'resumed', by: 'nobody' })
        const truth = segmentsOf(chainOf(honest), [5, 10])
        const lines = chainOf(forged)
        const unsigned = segmentsOf(lines, [5, 10])
        const kept = unsigned.map((segment, index) => ({ ...segment, head: truth[index]?.head }))
        assert.ok(check(kept).length > 0, 'with the signatures of the true one')
        const foreign = segmentsOf(lines, [5, 10], { key: 'another key' })
        assert.ok(check(foreign, ['key']).length > 0, 'with signatures of its own')
      }),
    ))
})

describe('one change is one finding', () => {
  const lines = chainOf(entries(12))
  const segments = segmentsOf(lines, [4, 8])
  const edit = (line: string) => line.replace('browser', 'bruwser')
  const cases: [name: string, read: Segment[], kinds: string[]][] = [
    [
      'an edited record',
      changed(segments, { of: 0.4, line: 0.3 }, (all, n) => all.with(n, edit(all[n] ?? ''))),
      ['record-changed'],
    ],
    [
      'an edited last record',
      changed(segments, { of: 0.4, line: 0.9 }, (all, n) => all.with(n, edit(all[n] ?? ''))),
      ['record-changed'],
    ],
    [
      'a missing record',
      changed(segments, { of: 0.4, line: 0.3 }, (all, n) => all.toSpliced(n, 1)),
      ['records-missing'],
    ],
    [
      'a segment cut short',
      changed(segments, { of: 0.4, line: 0.5 }, (all, n) => all.slice(0, n)),
      ['records-missing'],
    ],
    ['a missing segment', segments.toSpliced(1, 1), ['records-missing']],
    ['a missing beginning', segments.slice(1), ['records-missing']],
    [
      'a line that is no record',
      changed(segments, { of: 0.4, line: 0.3 }, (all, n) => all.toSpliced(n, 0, 'x')),
      ['line-unreadable'],
    ],
    [
      'a segment without its signature',
      segments.with(2, { object: 's', number: 30, lines: lines.slice(8), head: undefined }),
      ['signature-missing'],
    ],
    [
      'a signature of another key',
      segments.with(2, {
        ...{ object: 's', number: 30, lines: lines.slice(8) },
        head: signedHead(lines.slice(8), { key: 'other' }),
      }),
      ['signature-foreign'],
    ],
  ]
  for (const [name, read, expected] of cases)
    test(`${name}: ${expected}`, () => assert.deepEqual(kinds(check(read)), expected))

  test('a forged signature', () => {
    const [first, ...rest] = segments
    assert.ok(first?.head)
    const read = [{ ...first, head: { ...first.head, signature: 'made up' } }, ...rest]
    assert.deepEqual(kinds(check(read)), ['signature-wrong'])
  })
})

describe('journals that are older or were interrupted', () => {
  test('records from before the first signature are accepted, and covered by it', () => {
    const lines = chainOf(entries(12))
    const segments = segmentsOf(lines, [4, 8]).map((segment, n) =>
      n < 2 ? { ...segment, head: undefined } : segment,
    )
    assert.deepEqual(check(segments), [])
    const forged = changed(segments, { of: 0, line: 0 }, (all, n) =>
      all.with(n, (all[n] ?? '').replace('10:00:00', '09:00:00')),
    )
    assert.deepEqual(kinds(check(forged)), ['record-changed'])
  })

  test('with a key that was named beforehand, everything has to be signed', () => {
    const segments = segmentsOf(chainOf(entries(4)), []).map(segment => ({ ...segment, head: undefined }))
    assert.deepEqual(kinds(check(segments, ['key'])), ['signature-missing'])
  })

  test('a chain that begins anew is reported', () => {
    const before = segmentsOf(chainOf(entries(4)), [])
    const anew = chainOf(entries(6))
      .slice(0, 1)
      .map(line => line.replace('"seq":1', '"seq":5'))
    const found = check([...before, { object: 'after', number: 50, lines: anew, head: signedHead(anew) }])
    assert.deepEqual(kinds(found), ['chain-begun-anew'])
  })

  test('and so is one in the new form, whose head names the record before it', () => {
    const before = segmentsOf(chainOf(entries(4), { form: 2 }), [], { form: 2 })
    const anew = chainOf(entries(1), { form: 2 }).map(line => line.replace('"seq":1', '"seq":5'))
    const after = {
      object: 'after',
      number: 50,
      lines: anew,
      head: signedHead(anew, { form: 2, number: 50 }),
    }
    assert.deepEqual(kinds(check([...before, after])), ['chain-begun-anew'])
  })

  test('a segment of the old form that goes on behind what its head says is found, were it the last', () => {
    const lines = chainOf(entries(6))
    const segments = segmentsOf(lines.slice(0, 5), [3]).map((segment, n) =>
      n === 1 ? { ...segment, lines: lines.slice(3) } : segment,
    )
    assert.deepEqual(check(segments), [{ kind: 'head-contradicted', object: 'segment 2', seq: 5 }])
  })

  test('a number that is not the next one is one finding, though every link is right', () => {
    const lines = chainOf(entries(2))
    for (const seq of [99, 4]) {
      const before = headAfter(lines.at(-1) ?? '')
      lines.push(JSON.stringify({ ...JSON.parse(lines[0] ?? ''), seq, prev: before.hash }))
    }
    const found = check([{ object: 'a', number: 1, lines, head: undefined }])
    assert.deepEqual(found, [{ kind: 'record-changed', object: 'a', seq: 3 }])
  })

  test('a new key that the journal names is one finding, and then goes on', () => {
    const key = 'B'.repeat(43)
    const all = chainOf([...entries(3), { kind: 'device.key', key }, ...entries(3)])
    const read = [
      { object: 'a', number: 1, lines: all.slice(0, 3), head: signedHead(all.slice(0, 3)) },
      { object: 'b', number: 2, lines: all.slice(3, 5), head: signedHead(all.slice(3, 5), { key }) },
      { object: 'c', number: 3, lines: all.slice(5), head: signedHead(all.slice(5), { key }) },
    ]
    assert.deepEqual(kinds(check(read)), ['key-changed'])
    assert.deepEqual(check(read, [`key,${key}`]), [], 'unless it was given as the next one')
    assert.deepEqual(kinds(check(read, ['key', key])), ['key-changed'], 'the key of another device is none')
    assert.deepEqual(kinds(check(read, [`${key},key`])), ['key-changed'], 'nor is the one before')
  })

  test('a record of a kind that is not known yet keeps its place', () => {
    const lines = chainOf([{ kind: 'resumed' }, { kind: 'resumed' }])
    const newer = (lines[0] ?? '').replace('"kind":"resumed"', '"kind":"newer"')
    const second = (lines[1] ?? '').replace(sha256(lines[0] ?? ''), sha256(newer))
    assert.deepEqual(check([{ object: 'a', number: 1, lines: [newer, second], head: undefined }]), [])
  })
})

for (const form of [1, 2] as const)
  test(`pictures that were sealed before, between and after the records agree with them, in form ${form}`, () => {
    const lines = chainOf(entries(9), { form })
    const segments = segmentsOf(lines, [3, 6], { form })
    const chain = createChainCheck({ sha256, isSigned, trusted: [] })
    const picture = (number: number, of: string[]) =>
      chain.other(seenPicture('a picture', number, pictureHead(of, { form, number }))).findings
    const segment = (n: number) => {
      const own = segments[n]
      return own ? chain.segment(seen(own), own.lines) : []
    }
    const found = [
      ...picture(1, lines.slice(0, 2)),
      ...segment(0),
      ...picture(11, lines.slice(0, 1)),
      ...picture(12, lines.slice(0, 3)),
      ...segment(1),
      ...segment(2),
      ...chain.end().findings,
    ]
    assert.deepEqual([found, chain.end().missing], [[], undefined])
    assert.deepEqual(kinds(picture(31, chainOf([{ kind: 'resumed' }], { form, startMs: 0 }))), [
      'head-contradicted',
    ])
  })

for (const form of [1, 2] as const)
  test(`a picture that comes first and tells of another chain contradicts the records, in form ${form}`, () => {
    const lines = chainOf(entries(4), { form })
    const other = chainOf(entries(2), { form, startMs: 0 })
    const chain = createChainCheck({ sha256, isSigned, trusted: [] })
    const head = pictureHead(other, { form, number: 1 })
    assert.deepEqual(chain.other(seenPicture('a picture', 1, head)).findings, [])
    const found = segmentsOf(lines, [], { form }).flatMap(own => chain.segment(seen(own), own.lines))
    assert.deepEqual(found, [{ kind: 'head-contradicted', object: 'a picture', seq: 2 }])
  })

describe('parts that the new form binds', () => {
  const lines = chainOf(entries(12), { form: 2 })
  const segments = segmentsOf(lines, [4, 8], { form: 2 })
  const [, second] = segments
  assert.ok(second?.head?.form === 2)
  const head = second.head
  const cases: [name: string, read: Segment[], kinds: string[]][] = [
    ['another number', segments.with(1, { ...second, number: 21 }), ['object-moved', 'records-missing']],
    [
      'content that it was not signed over',
      segments.with(1, { ...second, lines: second.lines.slice(1) }),
      ['signature-copied', 'records-missing'],
    ],
    [
      'another device',
      segments.with(1, { ...second, head: sign({ ...head, device: 'device-2' }) }),
      ['object-moved', 'records-missing'],
    ],
    [
      'another kind',
      segments.with(1, { ...second, head: sign({ ...head, kind: 'screenshot' }) }),
      ['object-moved', 'records-missing'],
    ],
    [
      'another date',
      segments.with(1, { ...second, head: sign({ ...head, date: '2026-11-23' }) }),
      ['object-moved', 'records-missing'],
    ],
    [
      'the old form once the new one was there',
      segments.with(1, { ...second, head: signedHead(second.lines) }),
      ['form-old', 'records-missing'],
    ],
    [
      'the old form before the first object, where there can be none',
      [{ object: 'planted', number: 0, lines: [], head: undefined }, ...segments],
      ['form-old'],
    ],
    [
      'the old form with a signature before the first object, where there can be none',
      [{ object: 'planted', number: 1, lines: [], head: pictureHead([]) }, ...segments],
      ['form-old'],
    ],
    [
      'an unsigned one that goes on with the chain, which counts for nothing',
      segments.toSpliced(1, 0, { object: 'planted', number: 15, lines: second.lines, head: undefined }),
      ['signature-missing'],
    ],
    ['one that follows something else', segments.toSpliced(1, 1), ['records-missing']],
    [
      'one that is there under two numbers',
      [...segments, { ...second, number: 40, head: signedHead(second.lines, { form: 2, number: 40 }) }],
      ['record-out-of-place'],
    ],
  ]
  for (const [name, read, expected] of cases)
    test(`${name}: ${expected}`, () => assert.deepEqual(kinds(check(read)), expected))

  test('objects of the old form count before the first object of the new one, which covers them', () => {
    const old = chainOf(entries(6))
    const [last = ''] = old.slice(-1)
    const { hash: prev } = headAfter(last)
    const now = JSON.stringify({ ...JSON.parse(last), seq: 7, prev, salt: 's'.repeat(22) })
    const read = [
      ...segmentsOf(old, [3]),
      { object: 'new', number: 50, lines: [now], head: signedHead([now], { form: 2, number: 50 }) },
    ]
    assert.deepEqual(check(read), [])
    assert.deepEqual(kinds(check(read.toSpliced(1, 1))), ['records-missing'])
    const later: [old: SignedHead | undefined, found: string][] = [
      [pictureHead(old), 'form-old'],
      [undefined, 'signature-missing'],
    ]
    for (const [head, found] of later) assert.deepEqual(kinds(check(read, [], [head])), [found])
  })
})

describe('one key at a time', () => {
  const key = 'B'.repeat(43)
  const all = chainOf(entries(6), { form: 2 })
  const segments = segmentsOf(all, [3], { form: 2 })
  const last = segments[1]
  assert.ok(last)
  const read = [
    ...segments.slice(0, 1),
    { ...last, head: signedHead(last.lines, { form: 2, number: 20, key }) },
  ]

  test('a key that was given, for another device, signs nothing here', () => {
    assert.deepEqual(kinds(check(read, ['key', key])), ['signature-foreign'])
  })

  test('unless a record makes it the next one', () => {
    const changed = chainOf([...entries(3), { kind: 'device.key', key }, ...entries(2)], { form: 2 })
    const [first, next] = [changed.slice(0, 3), changed.slice(3)]
    const chain = createChainCheck({ sha256, isSigned, trusted: [`key,${key}`] })
    const parts: Segment[] = [
      { object: 'a', number: 1, lines: first, head: signedHead(first, { form: 2, number: 1 }) },
      { object: 'b', number: 3, lines: next, head: signedHead(next, { form: 2, number: 3, key }) },
    ]
    const picture = seenPicture('p', 2, pictureHead(first, { form: 2, number: 2, key }))
    const [a, b] = parts
    assert.ok(a && b)
    const found = [
      ...chain.segment(seen(a), a.lines),
      ...chain.other(picture).findings,
      ...chain.segment(seen(b), b.lines),
      ...chain.end().findings,
    ]
    assert.deepEqual(found, [])
    assert.deepEqual(kinds(chain.end().notes), ['key-replaced'])
  })
})

describe('a finding names its place', () => {
  for (const form of [1, 2] as const) {
    const lines = chainOf(entries(6), { form })
    const [first, second, third] = segmentsOf(lines, [2, 4], { form }) as [Segment, Segment, Segment]
    const cases: [what: string, segments: Segment[], found: object[]][] = [
      ['the first is missing', [second], [{ kind: 'records-missing', object: 'segment 2', from: 1, to: 2 }]],
      [
        'one between is missing',
        [first, third],
        [{ kind: 'records-missing', object: 'segment 3', from: 3, to: 4 }],
      ],
    ]
    for (const [what, segments, found] of cases)
      test(`in form ${form}: ${what}`, () => assert.deepEqual(check(segments), found))
  }

  const lines = chainOf(entries(6))
  const [first, second, third] = segmentsOf(lines, [2, 4]) as [Segment, Segment, Segment]
  const without = (segment: Segment, at: number): Segment => ({
    ...segment,
    lines: segment.lines.toSpliced(at, 1),
  })
  test('in form 1: the last line of a segment is missing', () =>
    assert.deepEqual(check([first, without(second, 1), third]), [
      { kind: 'records-missing', object: 'segment 2', from: 4, to: 4 },
    ]))
  test('in form 1: a line is missing', () =>
    assert.deepEqual(check([first, without(second, 0), third]), [
      { kind: 'records-missing', object: 'segment 2', from: 3, to: 3 },
    ]))
  test('in form 1: a line is no record', () => {
    const broken = { ...second, lines: [second.lines[0] ?? '', '{}'] }
    assert.deepEqual(check([first, broken])[0], { kind: 'line-unreadable', object: 'segment 2', line: 2 })
  })
  test('in form 1: a name has another date than its first record', () => {
    const seenThere = seen(first)
    const chain = createChainCheck({ sha256, isSigned, trusted: [] })
    const place = { ...seenThere.place, date: '2026-11-23' }
    assert.deepEqual(chain.segment({ ...seenThere, place }, first.lines), [
      { kind: 'object-moved', object: 'segment 1', from: '2026-11-22' },
    ])
  })
  test('in form 2: a segment comes again', () => {
    const again = segmentsOf(chainOf(entries(6), { form: 2 }), [2, 4], { form: 2 }) as [
      Segment,
      Segment,
      Segment,
    ]
    assert.deepEqual(check([again[0], again[1], again[1], again[2]]), [
      { kind: 'record-out-of-place', object: 'segment 2', seq: 3 },
    ])
  })
})

describe('the extent of the records', () => {
  const summaryOf = (segments: readonly Segment[]) => {
    const chain = createChainCheck({ sha256, isSigned, trusted: [] })
    const records: number[] = []
    for (const segment of segments)
      chain.segment(seen(segment), segment.lines, ({ seq }) => records.push(seq))
    const { records: count, proven } = chain.summary()
    return { records, count, proven }
  }
  for (const form of [1, 2] as const)
    test(`in form ${form}, and up to which record it is proven`, () => {
      const segments = segmentsOf(chainOf(entries(5), { form }), [2], { form })
      assert.deepEqual(summaryOf(segments), {
        records: [1, 2, 3, 4, 5],
        count: 5,
        proven: { seq: 5, at: '2026-11-22T10:00:40.000Z' },
      })
      const unsigned = segmentsOf(chainOf(entries(5)), [2]).map(segment => ({ ...segment, head: undefined }))
      assert.equal(summaryOf(unsigned).proven, undefined)
      assert.equal(summaryOf([]).proven, undefined)
    })
})
