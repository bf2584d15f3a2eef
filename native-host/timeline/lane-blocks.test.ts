import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitSpans, type LaneBlock } from './lane-blocks.ts'

const minute = 60_000
const block = (from: number, to: number, what: LaneBlock['what'] = { lane: 'active' }): LaneBlock => ({
  from: from * minute,
  to: to * minute,
  what,
})

test('few stay as they are, in the order of time', () => {
  const { spans, joined } = fitSpans([block(10, 20), block(0, 5, { lane: 'flagged' })])
  assert.deepEqual(spans, [
    { lane: 'flagged', from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:05:00.000Z' },
    { lane: 'active', from: '1970-01-01T00:10:00.000Z', to: '1970-01-01T00:20:00.000Z' },
  ])
  assert.equal(joined, 0)
})

test('too many are joined, lane by lane, until they fit; the longest gives the name', () => {
  const blocks = Array.from({ length: 1000 }, (_, index) => [
    block(index * 1.2, index * 1.2 + 0.6),
    block(index * 1.2 + 0.6, index * 1.2 + (index === 500 ? 1.1 : 1), {
      lane: 'idle',
      presence: index === 500 ? 'away' : 'idle',
    }),
  ]).flat()
  const { spans, joined } = fitSpans(blocks, 10)
  assert.equal(joined, 60)
  assert.deepEqual(
    spans.map(span => [span.lane, 'presence' in span && span.presence]),
    [
      ['active', false],
      ['idle', 'away'],
    ],
  )
})

test('a message never holds more, however far apart they are', () => {
  const blocks = Array.from({ length: 1440 }, (_, index) => block(index * 60, index * 60 + 1))
  const { spans, joined } = fitSpans(blocks, 400)
  assert.ok(spans.length <= 400, String(spans.length))
  assert.ok(joined > 3540, String(joined))
})
