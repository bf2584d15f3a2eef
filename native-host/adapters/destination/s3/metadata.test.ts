import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { s3Settings, s3World } from '../../../../test/support/s3-world.ts'
import { sealedBytes } from '../../../../test/support/sealed-bytes.ts'
import { createSignal } from '../../../kernel/signals.ts'
import { createSealer } from '../../seal/seal-age.ts'
import { s3Destination } from './destination.ts'

const pair = generateKeyPairSync('ed25519')
const key = {
  publicKey: pair.publicKey.export({ format: 'jwk' }).x ?? '',
  sign: (text: string) => sign(null, Buffer.from(text), pair.privateKey).toString('base64url'),
}
const recipients = createSignal([await identityToRecipient(await generateX25519Identity())])
const signing = createSealer(recipients, { device: 'device-1', key })
const claim = {
  ...{ number: 7, date: '2026-11-22', kind: 'records' as const },
  before: { seq: 30, hash: 'cd'.repeat(32) },
  reached: { seq: 41, hash: 'ab'.repeat(32) },
}

/** What each request said, of a server that takes everything and begins uploads in parts. */
async function recording() {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers)
    request.resume().once('end', () => {
      const begins = request.url?.includes('uploads')
      response.writeHead(200, { etag: '"any"', 'x-amz-request-id': 'tx1', 'content-type': 'application/xml' })
      response.end(
        begins ? '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' : '',
      )
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    destination: s3Destination(
      s3Settings({ endpoint: `http://127.0.0.1:${port}` }),
      s3World({ accessKeyId: 'ID', secretAccessKey: 'secret' }),
    ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const cases: [name: string, bytes: number][] = [
  ['in one request', 300],
  ['in parts', 9 * 1024 * 1024],
]
for (const [name, bytes] of cases)
  test(`an object that is stored ${name} has beside it how far the chain had got, signed, and nothing else`, async () => {
    await using server = await recording()
    const sealed = sealedBytes(await signing.seal(new Uint8Array(bytes), claim))
    await server.destination.put('k', sealed, AbortSignal.timeout(10_000)).catch(() => undefined)
    const [first] = server.asked
    const said = Object.entries(first ?? {}).filter(([name]) => name.startsWith('x-amz-meta-'))
    assert.equal(said.length, 1)
    assert.match(
      String(said[0]),
      /^x-amz-meta-chain-head,2 device-1 2026-11-22 7 records 30 (cd){32} 41 (ab){32} [0-9a-f]{64} [\w-]{43} [\w-]{86}$/,
    )
  })

test('what was sealed without a head has none beside it', async () => {
  await using server = await recording()
  await server.destination.put('k', sealedBytes('sealed'), AbortSignal.timeout(10_000))
  assert.deepEqual(
    Object.keys(server.asked[0] ?? {}).filter(name => name.startsWith('x-amz-meta-')),
    [],
  )
})
