import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { AppError } from '../../../protocol/errors.ts'
import { encodeFrame, maxBytesIn } from '../../../protocol/framing.ts'
import { readFrames } from './frames.ts'

test('messages come in order, however the bytes are cut', async () => {
  const bytes = Buffer.concat([{ a: 1 }, { b: 2 }, { c: 3 }].map(message => encodeFrame(message, maxBytesIn)))
  const stream = new PassThrough()
  for (const byte of bytes) stream.write(Buffer.from([byte]))
  stream.end()
  assert.deepEqual(await Array.fromAsync(readFrames(stream, maxBytesIn)), [{ a: 1 }, { b: 2 }, { c: 3 }])
})

test('a stream whose frame is refused stays open, so that its sender can read the reason', async () => {
  const stream = new PassThrough()
  stream.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  const refused = (error: unknown) => error instanceof AppError && error.code === 'FRAME_TOO_LARGE'
  await assert.rejects(Array.fromAsync(readFrames(stream, maxBytesIn)), refused)
  assert.equal(stream.destroyed, false)
})

test('a reader that has had enough leaves the stream open', async () => {
  const stream = new PassThrough()
  stream.write(encodeFrame({ a: 1 }, maxBytesIn))
  for await (const message of readFrames(stream, maxBytesIn)) {
    assert.deepEqual(message, { a: 1 })
    break
  }
  assert.equal(stream.destroyed, false)
})
