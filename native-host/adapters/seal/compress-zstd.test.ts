import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compressZstd, decompressZstd, isZstd } from './compress-zstd.ts'

test('any bytes come back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async bytes => {
      const compressed = await compressZstd(bytes)
      assert.ok(isZstd(compressed))
      assert.deepEqual(new Uint8Array(await decompressZstd(compressed, bytes.length || 1)), bytes)
    }),
    { numRuns: 50 },
  )
})

test('a bound is kept, and nothing of what exceeds it is handed out', async () => {
  const million = await compressZstd(new Uint8Array(1_000_000))
  assert.ok(million.length < 1000)
  assert.equal((await decompressZstd(million, 1_000_000)).length, 1_000_000)
  await assert.rejects(decompressZstd(million, 999_999), {
    code: 'OPEN_FAILED',
    detail: 'it unpacks to more than 999999 bytes',
  })
})

test('what is cut at any byte, or is something else, is refused', async () => {
  const compressed = await compressZstd(new TextEncoder().encode('{"seq":1}\n{"seq":2}\n'))
  for (let length = 0; length < compressed.length; length++) {
    await assert.rejects(decompressZstd(compressed.subarray(0, length), 1000), { code: 'OPEN_FAILED' })
  }
  await assert.rejects(decompressZstd(new TextEncoder().encode('{"seq":1}'), 1000), { code: 'OPEN_FAILED' })
})
