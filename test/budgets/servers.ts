import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createAgents } from '../../native-host/adapters/destination/s3/agents.ts'
import { connect, readCertificates } from '../../native-host/adapters/destination/s3/connection.ts'
import { partsThere } from '../../native-host/adapters/destination/s3/multipart-parts.ts'
import { readBucket } from '../../native-host/adapters/destination/s3/read-bucket.ts'
import { s3Transport } from '../../native-host/adapters/destination/s3/transport.ts'
import { askServer } from '../../native-host/adapters/network/ask-server.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { routeTo } from '../../native-host/network/route.ts'
import { openTunnel } from '../../native-host/platform/network/open-connection.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'
import { withFile } from './files.ts'

const { signal } = new AbortController()

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
    },
  }
}

async function listFirst(endpoint: string) {
  const world = s3World({ accessKeyId: 'a', secretAccessKey: 'b' })
  const reader = readBucket(s3Settings({ endpoint }), { ...world, random: () => 0 })
  const { value } = await reader.pages('', signal).next()
  return value && { objects: value.objects, folders: value.folders }
}

export const serverTrials = {
  async certificateFile() {
    const { most } = budgets.certificateFile
    // Up to the limit it is read, and has no certificate.
    await withFile('x'.repeat(most), path =>
      assert.rejects(readCertificates(path), { code: 'CA_FILE_INVALID' }),
    )
    await withFile('x'.repeat(most + 1), path =>
      assert.rejects(readCertificates(path), { code: 'FILE_UNREADABLE' }),
    )
  },

  async serverReply() {
    const { most } = budgets.serverReply
    let size = most
    await using server = await serve((_, response) => void response.end(Buffer.alloc(size)))
    const agents = createAgents({}, undefined, 1000)
    const transport = s3Transport(agents, 1000)
    const ask = async () => {
      const request = {
        protocol: 'http:',
        hostname: '127.0.0.1',
        port: server.port,
        method: 'GET',
        path: '/',
      }
      const { response } = await transport.handle({ ...request, headers: {} })
      return (await buffer(response.body)).length
    }
    assert.equal(await ask(), most)
    size = most + 1
    await assert.rejects(ask(), { code: 'ERR_REPLY_TOO_LONG' })
    agents.destroy()
  },

  async listReply() {
    const { most } = budgets.listReply
    const list = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
    let size = most
    await using server = await serve((_, response) => {
      const headers = { 'content-type': 'application/xml', 'x-amz-request-id': 'tx' }
      response.writeHead(200, headers).end(list + ' '.repeat(size - list.length))
    })
    assert.deepEqual(await listFirst(server.url), { objects: [], folders: [] })
    size = most + 1
    await assert.rejects(listFirst(server.url), { code: 'READ_NOT_S3' })
  },

  async listedObjects() {
    const { most } = budgets.listedObjects
    let count = most
    await using server = await serve((_, response) => {
      const objects = '<Contents><Key>k</Key><Size>1</Size></Contents>'.repeat(count)
      response.writeHead(200, { 'content-type': 'application/xml', 'x-amz-request-id': 'tx' })
      response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${objects}</ListBucketResult>`)
    })
    assert.equal((await listFirst(server.url))?.objects.length, most)
    count = most + 1
    await assert.rejects(listFirst(server.url), { code: 'READ_NOT_S3' })
  },

  async proxyHead() {
    const { most } = budgets.proxyHead
    let size = most
    const proxy = createTcpServer(socket => {
      const head = 'HTTP/1.1 200 OK\r\nx: '
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(`${head}${'x'.repeat(size - head.length - 4)}\r\n\r\n`))
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const { port } = proxy.address() as AddressInfo
    const place = { host: '127.0.0.1', port, encrypted: false, authorization: undefined }
    const target = { host: 's3.example.test', port: 443, encrypted: true }
    ;(await openTunnel(place, target, signal)).destroy()
    size = most + 1
    await assert.rejects(openTunnel(place, target, signal), { code: 'ERR_PROXY_TUNNEL' })
    proxy.close()
  },

  async probeReply() {
    const { most } = budgets.probeReply
    let size = most
    const [begin, code] = ['<Error>', '<Code>AccessDenied</Code>']
    const body = () => `${begin}${' '.repeat(size - begin.length - code.length)}${code}</Error>`
    await using server = await serve((_, response) => void response.writeHead(403).end(body()))
    const address = new URL(server.url)
    const way = { address, route: routeTo(address, {}), authorities: undefined }
    assert.equal(await askServer(way, {}, signal), 'S3 answers')
    size = most + 1
    await assert.rejects(askServer(way, {}, signal), { code: 'UPLOAD_NOT_S3' })
  },

  async listedParts() {
    const { most } = budgets.listedParts
    let pages = most / 1000
    let asked = 0
    await using server = await serve((_, response) => {
      const first = asked++ * 1000
      const parts = Array.from(
        { length: 1000 },
        (_, index) => `<Part><PartNumber>${first + index + 1}</PartNumber></Part>`,
      )
      const marker = `<IsTruncated>${asked < pages}</IsTruncated><NextPartNumberMarker>${asked}</NextPartNumberMarker>`
      response.end(`<?xml version="1.0"?><ListPartsResult>${marker}${parts.join('')}</ListPartsResult>`)
    })
    const settings = s3Settings({ endpoint: server.url })
    const connection = await connect(settings, s3World({ accessKeyId: 'k', secretAccessKey: 's' }))
    const noted = { number: 1, etag: '"noted"', sha256: 'ab' }
    const upload = { uploadId: 'u', place: '', partBytes: 8 * 1024 * 1024, parts: [noted] }
    const object = { key: 'k', bytes: sealedBytes(new Uint8Array(10)), settings, upload }
    const look = () =>
      partsThere(connection, { ...object, limits: { stallMs: 5000, pace: undefined } }, signal)
    assert.deepEqual(await look(), [])
    // One that never ends is asked for one page more.
    ;[asked, pages] = [0, Infinity]
    assert.deepEqual(await look(), [noted])
    assert.equal(asked, most / 1000 + 1)
    connection.client.destroy()
  },
}
