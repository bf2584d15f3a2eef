import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError, type ErrorCode } from './errors.ts'
import { createFrameDecoder, encodeFrame, maxBytesIn, maxBytesOut, maxDepth } from './framing.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** A frame around bytes that need not be JSON, with a length that need not be true. */
function frameOf(body: Uint8Array, length = body.length): Uint8Array {
  const frame = new Uint8Array(4 + body.length)
  new DataView(frame.buffer).setUint32(0, length, true)
  frame.set(body, 4)
  return frame
}

function decode(chunks: Iterable<Uint8Array>, maxBytes = maxBytesIn): unknown[] {
  const decoder = createFrameDecoder(maxBytes)
  return [...chunks].flatMap(chunk => [...decoder.push(chunk)])
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const cuts = [0, ...at.map(share => Math.floor(share * bytes.length)), bytes.length].sort((a, b) => a - b)
  return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end))
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap(part => [...part]))
}

const json = fc.jsonValue({ maxDepth: 6 })
const cutting = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

test('any messages come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 6 }), cutting, (messages, cuts) => {
      const stream = join(messages.map(message => encodeFrame(message, maxBytesOut)))
      const expected = messages.map(message => JSON.parse(JSON.stringify(message)))
      assert.deepEqual(decode(cut(stream, cuts), maxBytesOut), expected)
    }),
    { numRuns: 2000 },
  )
})

test('any bytes at all: messages, an AppError, or nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), chunks => {
      assertReadOrRefused(chunks)
    }),
    { numRuns: 10_000 },
  )
})

test('any body in a true frame: a message or FRAME_MALFORMED', () => {
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.string({ unit: 'binary', maxLength: 100 }).map(utf8),
    fc
      .array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '1', 'é'), { maxLength: 60 })
      .map(parts => utf8(parts.join(''))),
  )
  fc.assert(
    fc.property(bodies, body => {
      assertReadOrRefused([frameOf(body)])
    }),
    { numRuns: 2_000 },
  )
})

/** All that was read can be written again, which a nesting without bounds could not. */
function assertReadOrRefused(chunks: readonly Uint8Array[]): void {
  try {
    for (const message of decode(chunks)) JSON.stringify(message)
  } catch (error) {
    assert.ok(error instanceof AppError && error.code.startsWith('FRAME_'), String(error))
  }
}

const refused: [name: string, bytes: Uint8Array, code: ErrorCode][] = [
  ['a length of 4 GiB, before a byte of it came', frameOf(utf8(''), 0xff_ff_ff_ff), 'FRAME_TOO_LARGE'],
  ['one byte more than the limit', frameOf(utf8(''), maxBytesIn + 1), 'FRAME_TOO_LARGE'],
  ['an empty body', frameOf(utf8('')), 'FRAME_MALFORMED'],
  ['text that is not JSON', frameOf(utf8('{"type":')), 'FRAME_MALFORMED'],
  ['two values in one frame', frameOf(utf8('{}{}')), 'FRAME_MALFORMED'],
  ['a byte that is not UTF-8', frameOf(new Uint8Array([0x22, 0xff, 0x22])), 'FRAME_MALFORMED'],
  ['a character cut in half', frameOf(new Uint8Array([0x22, 0xe2, 0x82, 0x22])), 'FRAME_MALFORMED'],
  ['a nesting of 17', frameOf(utf8(nested(maxDepth + 1))), 'FRAME_MALFORMED'],
  ['objects and arrays nested to 17 together', frameOf(utf8(`{"a":${nested(maxDepth)}}`)), 'FRAME_MALFORMED'],
  ['32,000 open brackets', frameOf(utf8('['.repeat(32_000))), 'FRAME_MALFORMED'],
  [
    'closing brackets first, to outwit a counter',
    frameOf(utf8(']'.repeat(100) + nested(50))),
    'FRAME_MALFORMED',
  ],
]
for (const [name, bytes, code] of refused)
  test(`refuses ${name}`, () => {
    assert.throws(() => decode([bytes]), { name: 'AppError', code })
  })

const accepted: [name: string, body: string][] = [
  ['a nesting of 16', nested(maxDepth)],
  ['many shallow brackets', `[${Array.from({ length: 500 }, () => '[]').join(',')}]`],
  ['brackets inside a string', JSON.stringify('['.repeat(100))],
  ['brackets after an escaped quote', JSON.stringify(`"${'['.repeat(100)}`)],
  ['a string that ends with a backslash, then brackets', `["\\\\",${nested(maxDepth - 1)}]`],
  ['brackets in a key', JSON.stringify({ ['{'.repeat(100)]: 1 })],
  ['a key named __proto__', '{"__proto__":{"polluted":true}}'],
]
for (const [name, body] of accepted)
  test(`reads ${name}`, () => {
    assert.deepEqual(decode([frameOf(utf8(body))]), [JSON.parse(body)])
  })

test('a key named __proto__ changes no other object', () => {
  decode([frameOf(utf8('{"__proto__":{"polluted":true}}'))])
  assert.equal('polluted' in {}, false)
})

test('a message of exactly the limit passes both ways', () => {
  const longest = 'a'.repeat(maxBytesIn - 2)
  assert.deepEqual(decode([encodeFrame(longest, maxBytesIn)]), [longest])
})

test('a message over the limit is not written', () => {
  assert.throws(() => encodeFrame('a'.repeat(maxBytesIn - 1), maxBytesIn), { code: 'FRAME_TOO_LARGE' })
})

test('the limit counts bytes, not characters', () => {
  assert.throws(() => encodeFrame('€'.repeat(maxBytesIn / 3), maxBytesIn), { code: 'FRAME_TOO_LARGE' })
})

test('what the agent may send stays below what browsers accept', () => {
  assert.ok(maxBytesOut < 1024 * 1024)
})

test('messages before a bad frame still arrive', () => {
  const decoder = createFrameDecoder(maxBytesIn)
  const messages = decoder.push(join([encodeFrame('good', maxBytesIn), frameOf(utf8('bad'))]))
  assert.equal(messages.next().value, 'good')
  assert.throws(() => messages.next(), { code: 'FRAME_MALFORMED' })
})

test('the error never quotes the message', () => {
  assert.throws(
    () => decode([frameOf(utf8('{"password":"canary"'))]),
    (error: AppError) => !`${error.message}${error.cause}${error.detail}`.includes('canary'),
  )
})

test('the caller may use its buffer again: what is kept is a copy', () => {
  const decoder = createFrameDecoder(maxBytesIn)
  const frame = encodeFrame({ kept: 'whole' }, maxBytesIn)
  const first = frame.slice(0, 10)
  assert.deepEqual([...decoder.push(first)], [])
  first.fill(0)
  assert.deepEqual([...decoder.push(frame.subarray(10))], [{ kept: 'whole' }])
})

test('the longest message, byte by byte, costs little', () => {
  const decoder = createFrameDecoder(maxBytesIn)
  const frame = encodeFrame('a'.repeat(maxBytesIn - 2), maxBytesIn)
  // Of computing, since a busy computer makes a test wait.
  const before = process.cpuUsage()
  let messages = 0
  for (const byte of frame) for (const _ of decoder.push(new Uint8Array([byte]))) messages++
  assert.equal(messages, 1)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 500_000, `${user + system} µs`)
})
