import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type UploadLimits, watchUpload } from './upload-progress.ts'

const never = new AbortController().signal
const bytes = new Uint8Array(40_000_000)

/** Takes a body at its own speed and answers. */
async function slowServer(pauseMs: number, everyBytes: number) {
  const server = createServer(async (incoming, response) => {
    let read = 0
    for await (const chunk of incoming) {
      read += chunk.length
      if (read < everyBytes) continue
      read = 0
      await sleep(pauseMs)
    }
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function put(port: number, sent: Uint8Array, limits: UploadLimits, signal = never): Promise<void> {
  return watchUpload(limits, signal, async progress => {
    const outgoing = request({ port, method: 'PUT', signal: progress.signal })
    progress.body(sent).pipe(outgoing)
    const [answer] = await once(outgoing, 'response')
    answer.resume()
  })
}

test('a slow connection takes as long as it needs', async () => {
  const stallMs = 1000
  await using server = await slowServer(75, 1_000_000)
  const begun = performance.now()
  await put(server.port, bytes, { stallMs, pace: undefined })
  assert.ok(performance.now() - begun > 2 * stallMs)
})

test('a slow pace is no stall', async () => {
  await using server = await slowServer(0, Number.POSITIVE_INFINITY)
  const asked: number[] = []
  const pace = async (size: number) => {
    asked.push(size)
    await sleep(150)
  }
  await put(server.port, bytes.subarray(0, 300_000), { stallMs: 100, pace })
  assert.deepEqual(asked, [65_536, 65_536, 65_536, 65_536, 37_856])
})

test('where the pace is slow, pieces get smaller, so that the connection is not idle for long', async () => {
  await using server = await slowServer(0, Number.POSITIVE_INFINITY)
  const asked: number[] = []
  const pace = async (size: number) => {
    asked.push(size)
    await sleep(asked.length < 3 ? 1050 : 0)
  }
  await put(server.port, bytes.subarray(0, 300_000), { stallMs: 100, pace })
  assert.deepEqual(asked.slice(0, 4), [65_536, 32_768, 16_384, 32_768])
  assert.equal(
    asked.reduce((sum, size) => sum + size, 0),
    300_000,
  )
})

test('a pace that is called off ends the upload with the reason', async () => {
  await using server = await slowServer(0, Number.POSITIVE_INFINITY)
  const caller = new AbortController()
  const reason = new Error('the tracker ends')
  const pace = async (_: number, signal: AbortSignal) => {
    setTimeout(() => caller.abort(reason), 20)
    await sleep(60_000, undefined, { signal })
  }
  await assert.rejects(put(server.port, bytes, { stallMs: 10_000, pace }, caller.signal), reason)
})

test('a request that gets no answer is given up', async () => {
  const silence = watchUpload({ stallMs: 50, pace: undefined }, never, ({ signal }) =>
    sleep(60_000, undefined, { signal }),
  )
  await assert.rejects(silence, { code: 'CONNECTION_STALLED', detail: 'no answer' })
})
