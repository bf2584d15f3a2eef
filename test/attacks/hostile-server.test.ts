import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCredentials } from '../../native-host/adapters/destination/credentials/credential-source.ts'
import { createAgents } from '../../native-host/adapters/destination/s3/agents.ts'
import { checkBucket } from '../../native-host/adapters/destination/s3/check.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { s3Transport } from '../../native-host/adapters/destination/s3/transport.ts'
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
  test(`${name}: uploads and the test of the connection end, and take no memory`, async () => {
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

test('a proxy that opens no tunnel and talks without an end', async () => {
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

const lenders: [name: string, variables: (address: string) => Record<string, string>][] = [
  ['a container’s', address => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${address}/c` })],
  [
    'a computer’s',
    address => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: address, AWS_METADATA_SERVICE_NUM_ATTEMPTS: '1' }),
  ],
]
for (const [name, variables] of lenders)
  test(`${name} service that lends credentials and answers without an end`, async () => {
    let taken = 0
    await using server = await listening(socket => {
      flood(socket, head('200 OK', 'application/json') + chunked, inChunks)
      socket.once('close', () => (taken = Math.max(taken, socket.bytesWritten)))
    })
    const folder = mkdtempSync(join(tmpdir(), 'at-'))
    using _environment = settingVariables({
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'shared'),
      AWS_EC2_METADATA_DISABLED: undefined,
      ...variables(`http://127.0.0.1:${server.port}`),
    })
    const transport = s3Transport(createAgents({}, undefined, 1000), 1000)
    const source = { from: 'automatic', profile: '', region: 'eu-central-1', transport } as const
    const provider = await openCredentials(source, join(folder, 'none'))
    await assert.rejects(provider()).finally(() => rmSync(folder, { recursive: true }))
    assert.ok(taken > 0 && taken < 20_000_000, `${taken} bytes`)
  })

function settingVariables(values: Record<string, string | undefined>): Disposable {
  const before = Object.keys(values).map(name => [name, process.env[name]] as const)
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  for (const [name, value] of Object.entries(values)) set(name, value)
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) set(name, value)
    },
  }
}

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
