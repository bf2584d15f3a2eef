import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type ErrorCode, toProblem } from '../../../../protocol/errors.ts'
import { fakeMultipartProgress } from '../../../../test/fakes-multipart.ts'
import { assertWithin } from '../../../../test/support/pace.ts'
import { s3Settings, s3World } from '../../../../test/support/s3-world.ts'
import { sealedBytes } from '../../../../test/support/sealed-bytes.ts'
import { retryAfterMsOf } from '../../../delivery/retry-after.ts'
import { Secret } from '../../../kernel/secret.ts'
import { checkBucket } from './check.ts'
import { s3Destination } from './destination.ts'
import { formatPlace, type S3Settings } from './settings.ts'

// What a well-behaved server does is in test/contract/destination-s3.test.ts; here are the others.

const never = new AbortController().signal
const bytes = new TextEncoder().encode('sealed')
const sealed = sealedBytes(bytes)
const md5 = createHash('md5').update(bytes).digest('hex')
const keys = { accessKeyId: 'ID', secretAccessKey: 'correct-horse-battery' }
const place = s3Settings({ prefix: 'p' })

type Options = { env?: NodeJS.ProcessEnv; stallMs?: number; connectMs?: number }
function open(endpoint: string, { env = {}, ...limits }: Options = {}) {
  return s3Destination({ ...place, endpoint }, s3World(keys, { env, ...limits }))
}

async function listening(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

/** Reads the whole request before it answers. */
const serve = (answer: RequestListener) =>
  listening(
    createServer((request, response) => {
      request.resume()
      request.once('end', () => answer(request, response))
    }),
  )

const html = '<!DOCTYPE html><html><head><meta></head><body><p>Sign in<br></body></html>'
const xml = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`
const fromS3 = { 'content-type': 'application/xml', 'x-amz-request-id': 'tx1' }
const page = { 'content-type': 'text/html; charset=utf-8' }

const twentyMinutesAgo = () => new Date(Date.now() - 20 * 60_000).toUTCString()

type Answer = [status: number, headers: Record<string, string>, body: string]

const accepted: [name: string, answer: Answer][] = [
  ['an ETag and a request id', [200, { 'x-amz-request-id': 'tx1', etag: '"any"' }, '']],
  ['the MD5 of the bytes as ETag', [200, { etag: `"${md5}"` }, '']],
]
for (const [name, [status, headers, body]] of accepted) {
  test(`proof of an upload: ${name}`, async () => {
    await using server = await serve((_, response) => response.writeHead(status, headers).end(body))
    await open(server.url).put('k', sealed, never)
  })
}

const refused: [name: string, answer: Answer, code: ErrorCode, detail: string, retryAfterMs?: number][] = [
  ['a login page', [200, page, html], 'CAPTIVE_PORTAL', 'HERE answers 200 text/html'],
  [
    'a web server with ETags',
    [200, { ...page, etag: '"1"' }, html],
    'CAPTIVE_PORTAL',
    'HERE answers 200 text/html',
  ],
  [
    'the way to a login page',
    [302, { ...page, location: 'http://login/' }, html],
    'CAPTIVE_PORTAL',
    'HERE answers 302 text/html and leads to http://login',
  ],
  ['a page of a filter', [403, page, html], 'FILTERED', 'HERE answers 403 text/html'],
  ['nothing but a status', [403, {}, ''], 'UPLOAD_NOT_S3', 'HERE answers 403'],
  ['a web server', [404, page, html], 'UPLOAD_NOT_S3', 'HERE answers 404 text/html'],
  ['a web server that knows conditions', [412, page, html], 'UPLOAD_NOT_S3', 'HERE answers 412 text/html'],
  [
    'an API of something else',
    [401, { 'content-type': 'application/json' }, '{}'],
    'UPLOAD_NOT_S3',
    'HERE answers 401 application/json',
  ],
  ['a proxy that wants a login', [407, page, html], 'PROXY_LOGIN_NEEDED', 'the proxy answers 407 for HERE'],
  [
    'a gateway without its server',
    [502, { 'content-type': 'text/plain' }, 'x'],
    'UPLOAD_SERVER_ERROR',
    'HERE answers 502 text/plain',
  ],
  [
    'a gateway that says when',
    [503, { ...page, 'retry-after': '7' }, html],
    'UPLOAD_BUSY',
    'HERE answers 503 text/html',
    7000,
  ],
  [
    'a busy S3',
    [503, { ...fromS3, 'retry-after': '30' }, xml('SlowDown')],
    'UPLOAD_BUSY',
    '503 SlowDown',
    30_000,
  ],
  ['a full S3', [507, fromS3, xml('QuotaExceeded')], 'UPLOAD_STORAGE_FULL', '507 QuotaExceeded'],
  [
    'two at once',
    [409, fromS3, xml('ConditionalRequestConflict')],
    'UPLOAD_BUSY',
    '409 ConditionalRequestConflict',
  ],
  [
    'R2, which has no ids',
    [403, { 'content-type': 'application/xml' }, xml('AccessDenied')],
    'UPLOAD_DENIED',
    's3:PutObject on records/p/k (403 AccessDenied)',
  ],
  [
    'a refusal without words',
    [403, { 'x-amz-request-id': 'tx1' }, ''],
    'UPLOAD_DENIED',
    's3:PutObject on records/p/k (403)',
  ],
  [
    'another region',
    [301, { ...fromS3, 'x-amz-bucket-region': 'eu-west-1' }, xml('PermanentRedirect')],
    'UPLOAD_WRONG_REGION',
    'its region is eu-west-1 (301 PermanentRedirect)',
  ],
  [
    'a clock that is wrong',
    [403, { ...fromS3, date: twentyMinutesAgo() }, xml('RequestTimeTooSkewed')],
    'UPLOAD_CLOCK_WRONG',
    'the clock of this computer is 20 minutes fast',
  ],
  ['a code that is none', [400, fromS3, xml(keys.secretAccessKey)], 'UPLOAD_FAILED', '400'],
]
for (const [name, [status, headers, body], code, detail, retryAfterMs] of refused) {
  test(`${name}: ${code} (${detail})`, async () => {
    // A row may be a long time old when its turn comes.
    const now = 'date' in headers ? { ...headers, date: twentyMinutesAgo() } : headers
    await using server = await serve((_, response) => response.writeHead(status, now).end(body))
    await assert.rejects(open(server.url).put('k', sealed, never), error => {
      assert.deepEqual(toProblem(error), { code, detail: detail.replace('HERE', `127.0.0.1:${server.port}`) })
      assert.equal(retryAfterMsOf(error), retryAfterMs)
      return true
    })
  })
}

test('the request says what it holds, and that it must not write over anything', async () => {
  let headers: IncomingHttpHeaders = {}
  await using server = await serve((request, response) => {
    headers = request.headers
    response.writeHead(200, { etag: `"${md5}"` }).end()
  })
  await open(server.url).put('k', sealed, never)
  const sha256 = createHash('sha256').update(bytes)
  assert.equal(headers['if-none-match'], '*')
  assert.equal(headers['x-amz-checksum-sha256'], sha256.copy().digest('base64'))
  assert.equal(headers['x-amz-content-sha256'], sha256.digest('hex'))
  assert.equal(headers['content-length'], String(bytes.length))
  assert.equal(headers['transfer-encoding'], undefined)
  assert.equal(headers.expect, undefined)
  assert.match(headers.authorization ?? '', /SignedHeaders=[^,]*if-none-match[^,]*x-amz-content-sha256/)
})

const settingHeaders: [
  name: string,
  changes: Partial<S3Settings>,
  headers: Record<string, string | undefined>,
][] = [
  [
    'nothing set',
    {},
    {
      'x-amz-expected-bucket-owner': undefined,
      'x-amz-storage-class': undefined,
      'x-amz-server-side-encryption': undefined,
    },
  ],
  [
    'the owner of the bucket',
    { bucket_owner: '012345678901' },
    { 'x-amz-expected-bucket-owner': '012345678901' },
  ],
  ['a storage class', { storage_class: 'GLACIER_IR' }, { 'x-amz-storage-class': 'GLACIER_IR' }],
  ['AES256', { server_side_encryption: 'AES256' }, { 'x-amz-server-side-encryption': 'AES256' }],
  [
    'a key of its own',
    { server_side_encryption: 'aws:kms', sse_kms_key: 'alias/records' },
    {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/records',
    },
  ],
  [
    'a key without the encryption it is for',
    { server_side_encryption: 'AES256', sse_kms_key: 'alias/records' },
    { 'x-amz-server-side-encryption-aws-kms-key-id': undefined },
  ],
]
for (const [name, changes, expected] of settingHeaders) {
  test(`what the settings say of storing is said to the server: ${name}`, async () => {
    let headers: IncomingHttpHeaders = {}
    await using server = await serve((request, response) => {
      headers = request.headers
      response.writeHead(200, { etag: `"${md5}"` }).end()
    })
    const settings = { ...place, endpoint: server.url, ...changes }
    await s3Destination(settings, s3World(keys)).put('k', sealed, never)
    for (const [header, value] of Object.entries(expected)) assert.equal(headers[header], value, header)
  })
}

test('a server that knows no conditions or checksums is asked without, and from then on at once', async () => {
  const asked: string[] = []
  await using server = await serve(({ headers }, response) => {
    const extras = 'if-none-match' in headers || 'x-amz-checksum-sha256' in headers
    asked.push(extras ? 'with' : 'without')
    if (extras) response.writeHead(501, fromS3).end(xml('NotImplemented'))
    else response.writeHead(200, { etag: `"${md5}"` }).end()
  })
  const destination = open(server.url)
  await destination.put('k', sealed, never)
  await destination.put('l', sealed, never)
  // One alone, the other alone, both; and then it is known.
  assert.deepEqual(asked, ['with', 'with', 'with', 'without', 'without'])
})

test('a server that always says 501 is asked in every way once, and then as always', async () => {
  let asked = 0
  await using server = await serve((_, response) => {
    asked++
    response.writeHead(501, fromS3).end(xml('NotImplemented'))
  })
  const destination = open(server.url)
  for (const count of [4, 5]) {
    await assert.rejects(destination.put('k', sealed, never), {
      code: 'UPLOAD_SERVER_ERROR',
      detail: '501 NotImplemented',
    })
    assert.equal(asked, count)
  }
})

test('an upload whose reply was lost is recognised at the next try', async () => {
  const asked: (string | undefined)[] = []
  await using server = await serve((request, response) => {
    asked.push(request.method)
    if (asked.length === 1) request.socket.destroy()
    else if (request.method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end()
    else response.writeHead(412, fromS3).end(xml('PreconditionFailed'))
  })
  const destination = open(server.url)
  await assert.rejects(destination.put('k', sealed, never), { code: 'CONNECTION_CUT' })
  await destination.put('k', sealed, never)
  assert.deepEqual(asked, ['PUT', 'PUT', 'HEAD'])
})

const looks: [name: string, status: number, then: string | undefined][] = [
  ['may not be looked at: the server is believed', 403, undefined],
  ['is not there when it is looked at: it is stored without the condition', 404, 'PUT without it'],
]
for (const [name, status, then] of looks) {
  test(`a key that is taken and ${name}`, async () => {
    const asked: string[] = []
    await using server = await serve((request, response) => {
      const condition = request.headers['if-none-match'] === undefined ? 'without it' : 'if new'
      asked.push(request.method === 'HEAD' ? 'HEAD' : `${request.method} ${condition}`)
      if (request.method === 'HEAD') response.writeHead(status, fromS3).end()
      else if (condition === 'if new') response.writeHead(412, fromS3).end(xml('PreconditionFailed'))
      else response.writeHead(200, { ...fromS3, etag: '"any"' }).end()
    })
    await open(server.url).put('k', sealed, never)
    assert.deepEqual(asked, ['PUT if new', 'HEAD', ...(then === undefined ? [] : [then])])
  })
}

test('a server that takes every key for taken, and has none of them, has not got the object', async () => {
  await using server = await serve((request, response) =>
    request.method === 'HEAD'
      ? response.writeHead(404, fromS3).end()
      : response.writeHead(412, fromS3).end(xml('PreconditionFailed')),
  )
  await assert.rejects(open(server.url).put('k', sealed, never), {
    code: 'UPLOAD_FAILED',
    detail: '412 PreconditionFailed',
  })
})

/** As much as goes in one request. */
const large = new Uint8Array(8_000_000)

test('a connection that stands still is given up, and it says where', async () => {
  await using server = await listening(createTcpServer({ pauseOnConnect: true }))
  await assert.rejects(open(server.url, { stallMs: 1500 }).put('k', sealedBytes(large), never), error => {
    const { code, detail = '' } = toProblem(error)
    const [, taken] = /^stalled after (\d+) of 8000000 bytes$/.exec(detail) ?? []
    assert.equal(code, 'CONNECTION_STALLED')
    assert.ok(Number(taken) > 0 && Number(taken) < large.length, detail)
    return true
  })
})

test('a server that never answers is given up', async () => {
  await using server = await serve(() => undefined)
  await assert.rejects(open(server.url, { stallMs: 300 }).put('k', sealed, never), {
    code: 'CONNECTION_STALLED',
    detail: 'stalled after 6 of 6 bytes',
  })
})

test('an upload that is called off ends at once, with the reason', async () => {
  await using server = await listening(createTcpServer({ pauseOnConnect: true }))
  const caller = new AbortController()
  const reason = new Error('the tracker ends')
  setTimeout(() => caller.abort(reason), 100)
  const begun = performance.now()
  await assert.rejects(open(server.url).put('k', sealedBytes(large), caller.signal), reason)
  await assertWithin(2000, performance.now() - begun)
})

const connections: [
  name: string,
  onConnection: (socket: Socket) => void,
  code: ErrorCode,
  detail: string | RegExp,
][] = [
  ['cut off', socket => socket.resetAndDestroy(), 'CONNECTION_CUT', /\(ECONNRESET\)$/],
  ['closed without an answer', socket => socket.end(), 'CONNECTION_CUT', /\(ECONNRESET\)$/],
  [
    'that is no HTTP',
    socket => socket.end('SSH-2.0-OpenSSH\r\n'),
    'UPLOAD_NOT_S3',
    /\(HPE_INVALID_CONSTANT\)$/,
  ],
]
for (const [name, onConnection, code, detail] of connections) {
  test(`a connection ${name}: ${code}`, async () => {
    await using server = await listening(createTcpServer(onConnection))
    await assert.rejects(open(server.url).put('k', sealed, never), error => {
      const problem = toProblem(error)
      assert.equal(problem.code, code)
      if (typeof detail === 'string') assert.equal(problem.detail, detail)
      else assert.match(problem.detail ?? '', detail)
      return true
    })
  })
}

test('https to a server that speaks http is not S3', async () => {
  await using server = await serve((_, response) => response.end())
  await assert.rejects(open(`https://127.0.0.1:${server.port}`).put('k', sealed, never), {
    code: 'UPLOAD_NOT_S3',
    detail: `127.0.0.1:${server.port} (EPROTO)`,
  })
})

test('a proxy of the environment is used, for http as a server', async () => {
  let asked = ''
  await using proxy = await serve((request, response) => {
    asked = `${request.method} ${request.url}`
    response.writeHead(200, { etag: `"${md5}"` }).end()
  })
  await open('http://s3.example.test', { env: { HTTP_PROXY: proxy.url } }).put('k', sealed, never)
  assert.match(asked, /^PUT http:\/\/s3\.example\.test(:80)?\/records\/p\/k/)
})

test('a proxy of the environment is used, for https as a tunnel, and its refusal is reported', async () => {
  let asked = ''
  const server = createServer()
  server.on('connect', (request, socket) => {
    asked = `${request.method} ${request.url}`
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
  })
  await using proxy = await listening(server)
  const destination = open('https://s3.example.test', { env: { HTTPS_PROXY: proxy.url } })
  await assert.rejects(destination.put('k', sealed, never), {
    code: 'PROXY_LOGIN_NEEDED',
    detail: `127.0.0.1:${proxy.port} answers 407 for s3.example.test:443`,
  })
  assert.equal(asked, 'CONNECT s3.example.test:443')
})

test('a proxy is not used for what NO_PROXY names', async () => {
  await using server = await serve((_, response) => response.writeHead(200, { etag: `"${md5}"` }).end())
  const env = { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '127.0.0.1' }
  await open(server.url, { env }).put('k', sealed, never)
})

test('the proxy setting wins over the environment, with the login that is kept for it', async () => {
  const asked: (string | undefined)[] = []
  await using proxy = await serve((request, response) => {
    asked.push(request.headers['proxy-authorization'])
    response.writeHead(200, { etag: `"${md5}"` }).end()
  })
  const settings = { ...place, endpoint: 'http://s3.example.test', proxy: proxy.url }
  const env = { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' }
  const proxyLogin = async () => ({ name: 'anna', password: new Secret('p@ss word') })
  await s3Destination(settings, s3World(keys, { env })).put('k', sealed, never)
  await s3Destination(settings, s3World(keys, { env, proxyLogin })).put('k', sealed, never)
  const login = `Basic ${Buffer.from('anna:p@ss word').toString('base64')}`
  assert.deepEqual(asked, [undefined, login])
})

test('the login of a proxy is in no error, however deep one looks', async () => {
  const server = createServer()
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  await using proxy = await listening(server)
  const settings = { ...place, endpoint: 'https://s3.example.test', proxy: proxy.url }
  const proxyLogin = async () => ({ name: 'anna', password: new Secret('correct-horse') })
  await assert.rejects(
    s3Destination(settings, s3World(keys, { proxyLogin })).put('k', sealed, never),
    error => {
      assert.equal(toProblem(error).code, 'PROXY_LOGIN_NEEDED')
      const looked = inspect(error, { depth: 20, showHidden: true })
      for (const form of ['correct-horse', Buffer.from('anna:correct-horse').toString('base64')])
        assert.ok(!looked.includes(form), form)
      return true
    },
  )
})

test('a list of parts is read page by page, and its end is where the server says so', async () => {
  const listed: string[] = []
  const sent: string[] = []
  const page = (next: number, more: boolean, parts: number[]) =>
    `<?xml version="1.0"?><ListPartsResult><IsTruncated>${more}</IsTruncated><NextPartNumberMarker>${next}</NextPartNumberMarker>${parts
      .map(
        number =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${number}"</ETag><Size>8388608</Size></Part>`,
      )
      .join('')}</ListPartsResult>`
  await using server = await serve((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    const headers = { ...fromS3, etag: '"new"' }
    if (request.method === 'GET') {
      const after = searchParams.get('part-number-marker') ?? ''
      listed.push(after)
      // Ceph names a next part on the last page, too.
      response.writeHead(200, headers).end(after === '' ? page(1, true, [1]) : page(2, false, [2]))
    } else if (request.method === 'POST') {
      response
        .writeHead(200, headers)
        .end('<CompleteMultipartUploadResult><Key>p/k</Key></CompleteMultipartUploadResult>')
    } else {
      sent.push(searchParams.get('partNumber') ?? '')
      response.writeHead(200, headers).end()
    }
  })
  const settings = { ...place, endpoint: server.url }
  const uploads = fakeMultipartProgress()
  uploads.begin('k', { uploadId: 'u', place: formatPlace(settings), partBytes: 8_388_608 })
  for (const number of [1, 2]) uploads.addPart('k', { number, etag: `"${number}"`, sha256: 'ab'.repeat(32) })
  await s3Destination(settings, s3World(keys, { uploads })).put(
    'k',
    sealedBytes(new Uint8Array(20_000_000)),
    never,
  )
  assert.deepEqual(listed, ['', '1'])
  assert.deepEqual(sent, ['3'])
  assert.equal(uploads.get('k'), undefined)
})

test('credentials that cannot be found are reported as missing', async () => {
  const credentials = async () => () =>
    Promise.reject(Object.assign(new Error('looked everywhere'), { name: 'CredentialsProviderError' }))
  const destination = s3Destination(
    { ...place, endpoint: 'http://127.0.0.1:1' },
    s3World(keys, { credentials }),
  )
  await assert.rejects(destination.put('k', sealed, never), { code: 'UPLOAD_NO_CREDENTIALS' })
})

test('nothing secret is in an error, however deep one looks', async () => {
  await using server = await serve((_, response) =>
    response.writeHead(403, fromS3).end(xml('SignatureDoesNotMatch')),
  )
  for (const url of [server.url, 'http://127.0.0.1:1']) {
    await assert.rejects(open(url).put('k', sealed, never), error => {
      assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(keys.secretAccessKey))
      return true
    })
  }
})

test('a bucket that only another store can have is not looked for at AWS', async () => {
  const settings = { ...place, endpoint: '', bucket_name: 'tenant:records' }
  await assert.rejects(s3Destination(settings, s3World(keys)).put('k', sealed, never), {
    code: 'SETTING_INVALID',
  })
  await assert.rejects(checkBucket(settings, s3World(keys)).findRoute(), { code: 'SETTING_INVALID' })
})
