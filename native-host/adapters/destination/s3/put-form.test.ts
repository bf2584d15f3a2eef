import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { s3Settings, s3World } from '../../../../test/support/s3-world.ts'
import { sealedBytes } from '../../../../test/support/sealed-bytes.ts'
import { s3Destination } from './destination.ts'
import { bucketOf, objectName, type S3Settings, storageOf } from './settings.ts'

const never = new AbortController().signal
const sealed = sealedBytes('sealed')
const keys = { accessKeyId: 'ID', secretAccessKey: 'correct-horse-battery', sessionToken: 'session' }

type Asked = { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders }

/** Records each request, and answers as the test sets. */
async function recording(answer: RequestListener) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    asked.push({ method, url, headers })
    request.resume().once('end', () => answer(request, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const stored: RequestListener = (_, response) =>
  response.writeHead(200, { etag: '"any"', 'x-amz-request-id': 'tx1' }).end()

/** What is another one in every request of the SDK. */
const itsOwn = [
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
  'x-amz-date',
  'connection',
  'user-agent',
]
const lasting = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !itsOwn.includes(name)))

const rows: [name: string, key: string, changes: Partial<S3Settings>][] = [
  ['nothing set', 'device/2026-11-22/000000000001-ab.screenshot.webp.age', {}],
  ['a prefix', 'k', { prefix: '/records/of/anna/' }],
  ['signs that a path would end at', 'k?x#y%2f', { prefix: 'a b+c&d=e' }],
  ['letters of other scripts', 'k', { prefix: 'Aufnahmen/für/日本語/🙂' }],
  ['signs that only signatures care about', "k!'()*~", { prefix: 'p:q;r@s$t,u' }],
  [
    'everything that is said of storing',
    'k',
    {
      bucket_owner: '012345678901',
      storage_class: 'GLACIER_IR',
      server_side_encryption: 'aws:kms',
      sse_kms_key: 'alias/records',
    },
  ],
  ['another region', 'k', { region: 'eu-central-1' }],
]
for (const [name, key, changes] of rows) {
  test(`an upload says what the SDK would say: ${name}`, async () => {
    await using server = await recording(stored)
    const settings = s3Settings({ endpoint: `${server.endpoint}/base`, ...changes })
    const destination = s3Destination(settings, s3World(keys))
    await destination.put('another', sealed, never)
    await destination.put(key, sealed, never)
    using client = sdkClient(settings)
    await client.send(
      new PutObjectCommand({
        ...bucketOf(settings),
        ...storageOf(settings),
        Key: objectName(settings, key),
        Body: 'sealed',
        IfNoneMatch: '*',
        ChecksumSHA256: Buffer.from(sealed.sha256, 'hex').toString('base64'),
      }),
    )
    const [, ours, theirs] = server.asked
    assert.ok(ours && theirs)
    assert.equal(ours.url, theirs.url)
    assert.deepEqual(lasting(ours.headers), lasting(theirs.headers))
    assert.deepEqual(signedBy(ours), { ...signedBy(theirs), signature: signedBy(ours).signature })
  })
}

function sdkClient({ endpoint, region }: S3Settings) {
  const client = new S3Client({ endpoint, region, credentials: keys, forcePathStyle: true })
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() })
}

/** What the request is signed by and for: all but what the SDK adds for its own repetitions. */
function signedBy({ headers }: Asked) {
  const [, scope, names, signature] =
    /Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? []
  return {
    scope,
    names: names?.split(';').filter(name => !itsOwn.includes(name)),
    signature: signature !== undefined,
  }
}

test('with a clock that is wrong, the next try is signed by the time of the server', async () => {
  const theirs = new Date(Date.now() - 3600_000)
  await using server = await recording((_, response) =>
    response
      .writeHead(403, { date: theirs.toUTCString(), 'x-amz-request-id': 'tx1' })
      .end('<Error><Code>RequestTimeTooSkewed</Code></Error>'),
  )
  const destination = s3Destination(s3Settings({ endpoint: server.endpoint }), s3World(keys))
  for (const _ of [1, 2])
    await assert.rejects(destination.put('k', sealed, never), { code: 'UPLOAD_CLOCK_WRONG' })
  const awayMs = server.asked.map(({ headers }) => Math.abs(signedAt(headers) - theirs.getTime()))
  assert.ok(awayMs[0] && awayMs[0] > 3500_000, `${awayMs[0]} ms`)
  assert.ok(awayMs[1] !== undefined && awayMs[1] < 60_000, `${awayMs[1]} ms`)
})

function signedAt(headers: IncomingHttpHeaders): number {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  return Date.parse(String(headers['x-amz-date']).replace(form, '$1-$2-$3T$4:$5:$6Z'))
}

test('a directory bucket is asked by the SDK, which opens a session with it, at the next upload if not at this one', async () => {
  let sessions = 0
  await using server = await recording((request, response) => {
    if (!request.url?.includes('?session')) return stored(request, response)
    sessions += 1
    if (sessions === 1) return response.writeHead(503, { 'x-amz-request-id': 'tx1' }).end()
    const credentials = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(each => `<${each}>x</${each}>`)
    const ends = `<Expiration>${new Date(Date.now() + 300_000).toISOString()}</Expiration>`
    return response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<CreateSessionResult><Credentials>${credentials.join('')}${ends}</Credentials></CreateSessionResult>`,
      )
  })
  const settings = s3Settings({ endpoint: server.endpoint, bucket_name: 'records--use1-az4--x-s3' })
  const destination = s3Destination(settings, s3World(keys))
  await assert.rejects(destination.put('k', sealed, never), { code: 'UPLOAD_BUSY' })
  await destination.put('k', sealed, never)
  const put = server.asked.at(-1)
  assert.equal(put?.method, 'PUT')
  assert.equal(put.headers['x-amz-s3session-token'], 'x')
  assert.equal(put.headers['if-none-match'], '*')
})
