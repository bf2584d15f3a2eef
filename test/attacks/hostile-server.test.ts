import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { s3Destination } from '../../native-host/adapters/destination/s3.ts'
import { checkBucket } from '../../native-host/adapters/destination/s3-check.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'

/** Servers and proxies that answer without an end, quickly or slowly, to fill the memory or to hold uploads up. */

const { signal } = new AbortController()
const keys = { accessKeyId: 'AKIAQUOKKAZEPHYRUS01', secretAccessKey: 'secret' }
const stallMs = 800
const most = 150 * 1024 * 1024

const head = (status: string, type = 'application/xml') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\netag: "x"\r\nx-amz-request-id: r\r\n`
const chunk = Buffer.alloc(256 * 1024, 'x')
const inChunks = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])

/** Writes it for as long as the other side takes it. */
function flood(socket: Socket, begin: string, piece: Buffer): void {
  socket.write(begin)
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
    socket.once('drain', more)
  }
  more()
}

function drip(socket: Socket, begin: string): void {
  socket.write(begin)
  const timer = setInterval(() => socket.write('1\r\nx\r\n'), 50)
  socket.once('close', () => clearInterval(timer))
}

const chunked = 'transfer-encoding: chunked\r\n\r\n'
const attacks: [name: string, answer: (socket: Socket) => void, codes: string[]][] = [
  ['success without an end', socket => flood(socket, head('200 OK') + chunked, inChunks), ['UPLOAD_NOT_S3']],
  [
    'an error without an end',
    socket => flood(socket, `${head('403 Forbidden')}${chunked}7\r\n<Error>\r\n`, inChunks),
    ['UPLOAD_DENIED', 'UPLOAD_NOT_S3'],
  ],
  [
    'a page that is packed',
    socket => flood(socket, `${head('500 Oops')}content-encoding: gzip\r\n${chunked}`, inChunks),
    ['UPLOAD_SERVER_ERROR', 'UPLOAD_NOT_S3'],
  ],
  ['a body that drips', socket => drip(socket, head('200 OK') + chunked), ['CONNECTION_STALLED']],
  ['headers without an end', socket => flood(socket, `${head('200 OK')}x-long: `, chunk), ['UPLOAD_NOT_S3']],
  [
    'continue without an end',
    socket => flood(socket, '', Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000))),
    ['CONNECTION_STALLED', 'UPLOAD_NOT_S3', 'CONNECTION_CUT'],
  ],
]
for (const [name, answer, codes] of attacks) {
  test(`${name}: uploads and the test of the connection end, and take no memory`, {
    timeout: 30_000,
  }, async () => {
    await using server = await listening(answer)
    const endpoint = `http://127.0.0.1:${server.port}`
    const settings = s3Settings({ endpoint })
    const world = s3World(keys, { stallMs })
    const before = process.memoryUsage.rss()
    await rejectsWith(codes, s3Destination(settings, world).put('k', sealedBytes(new Uint8Array(10)), signal))
    // It waits longer for a part; what a body is read to is the same.
    if (!codes.includes('CONNECTION_STALLED'))
      await rejectsWith(codes, checkBucket(settings, world).tryOut(signal))
    const grown = process.memoryUsage.rss() - before
    assert.ok(grown < most, `${Math.round(grown / 1e6)} MB`)
  })
}

test('a proxy that opens no tunnel and talks without an end', { timeout: 30_000 }, async () => {
  await using proxy = await listening(socket => flood(socket, 'HTTP/1.1 200 OK\r\nx: ', chunk))
  const before = process.memoryUsage.rss()
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
  const settings = s3Settings({ endpoint: 'https://s3.example.test' })
  const world = s3World(keys, { stallMs: 5000, env })
  await rejectsWith(
    ['PROXY_FAILED'],
    s3Destination(settings, world).put('k', sealedBytes(new Uint8Array(10)), signal),
  )
  const grown = process.memoryUsage.rss() - before
  assert.ok(grown < most, `${Math.round(grown / 1e6)} MB`)
})

async function rejectsWith(codes: readonly string[], work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, error => {
    assert.ok(error instanceof Error && 'code' in error && codes.includes(String(error.code)), String(error))
    return true
  })
}

async function listening(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
    socket.resume()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close')
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
