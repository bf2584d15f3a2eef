import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from '../../protocol/errors.ts'
import { type Answer, type Attempt, explainAnswer } from './upload-answer.ts'

const plain: Attempt = {
  target: 's3.example.org:80',
  encrypted: false,
  connected: true,
  now: Temporal.Instant.from('2026-11-22T12:00:00Z'),
  request: { action: 's3:PutObject', resource: 'records/p/k', region: 'eu-west-1' },
}
const encrypted: Attempt = { ...plain, target: 's3.example.org:443', encrypted: true }
const proxied: Attempt = { ...plain, proxy: 'proxy.example.org:3128' }

const fromS3 = { 'x-amz-request-id': 'tx1' }
const page = { 'content-type': 'text/html; charset=utf-8' }
const squid = { ...page, 'x-squid-error': 'ERR_ACCESS_DENIED 0', server: 'squid/5.7' }

const said = (status: number, s3Code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...fromS3, ...headers },
  s3Code,
})
const other = (status: number, headers: Record<string, string> = {}): Answer => ({ status, headers })

const rows: [name: string, answer: Answer, attempt: Attempt, code: ErrorCode, detail: string][] = [
  // S3 itself
  [
    'a key it does not know',
    said(403, 'InvalidAccessKeyId'),
    plain,
    'UPLOAD_KEY_UNKNOWN',
    '403 InvalidAccessKeyId',
  ],
  [
    'a secret of another key',
    said(403, 'SignatureDoesNotMatch'),
    plain,
    'UPLOAD_SIGNATURE_WRONG',
    '403 SignatureDoesNotMatch',
  ],
  [
    'credentials for an hour',
    said(400, 'ExpiredToken'),
    plain,
    'UPLOAD_CREDENTIALS_EXPIRED',
    '400 ExpiredToken',
  ],
  [
    'credentials that have to be made anew',
    said(400, 'TokenRefreshRequired'),
    plain,
    'UPLOAD_CREDENTIALS_EXPIRED',
    '400 TokenRefreshRequired',
  ],
  [
    'a request that is over',
    said(400, 'RequestExpired'),
    plain,
    'UPLOAD_CREDENTIALS_EXPIRED',
    '400 RequestExpired',
  ],
  [
    'an action that is not allowed',
    said(403, 'AccessDenied'),
    plain,
    'UPLOAD_DENIED',
    's3:PutObject on records/p/k (403 AccessDenied)',
  ],
  [
    'a refusal without words',
    other(403, fromS3),
    plain,
    'UPLOAD_DENIED',
    's3:PutObject on records/p/k (403)',
  ],
  ['no such bucket', said(404, 'NoSuchBucket'), plain, 'UPLOAD_NO_BUCKET', 'records (404 NoSuchBucket)'],
  [
    'another region, in a header',
    said(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'us-west-2' }),
    plain,
    'UPLOAD_WRONG_REGION',
    'its region is us-west-2 (301 PermanentRedirect)',
  ],
  [
    'another region, without words',
    other(301, { ...fromS3, 'x-amz-bucket-region': 'us-west-2' }),
    plain,
    'UPLOAD_WRONG_REGION',
    'its region is us-west-2 (301)',
  ],
  [
    'another region, in the XML',
    { ...said(400, 'AuthorizationHeaderMalformed'), s3Region: 'us-west-2' },
    plain,
    'UPLOAD_WRONG_REGION',
    'its region is us-west-2 (400 AuthorizationHeaderMalformed)',
  ],
  [
    'a malformed key says the same',
    said(400, 'AuthorizationHeaderMalformed'),
    plain,
    'UPLOAD_KEY_UNKNOWN',
    '400 AuthorizationHeaderMalformed',
  ],
  [
    'a region that names itself changes nothing',
    said(403, 'AccessDenied', { 'x-amz-bucket-region': 'eu-west-1' }),
    plain,
    'UPLOAD_DENIED',
    's3:PutObject on records/p/k (403 AccessDenied)',
  ],
  [
    'a slow clock',
    said(403, 'RequestTimeTooSkewed', { date: 'Sun, 22 Nov 2026 12:20:00 GMT' }),
    plain,
    'UPLOAD_CLOCK_WRONG',
    'the clock of this computer is 20 minutes slow',
  ],
  [
    'a fast clock',
    said(403, 'RequestTimeTooSkewed', { date: 'Sun, 22 Nov 2026 09:00:00 GMT' }),
    plain,
    'UPLOAD_CLOCK_WRONG',
    'the clock of this computer is 3 hours fast',
  ],
  [
    'a clock of unknown distance',
    said(403, 'RequestTimeTooSkewed'),
    plain,
    'UPLOAD_CLOCK_WRONG',
    '403 RequestTimeTooSkewed',
  ],
  ['busy', said(503, 'SlowDown'), plain, 'UPLOAD_BUSY', '503 SlowDown'],
  [
    'two writers at once',
    said(409, 'ConditionalRequestConflict'),
    plain,
    'UPLOAD_BUSY',
    '409 ConditionalRequestConflict',
  ],
  ['its own failure', said(500, 'InternalError'), plain, 'UPLOAD_SERVER_ERROR', '500 InternalError'],
  ['a quota that is used up', said(403, 'QuotaExceeded'), plain, 'UPLOAD_STORAGE_FULL', '403 QuotaExceeded'],
  ['full', said(507, 'XMinioStorageFull'), plain, 'UPLOAD_STORAGE_FULL', '507 XMinioStorageFull'],
  ['a code of tomorrow', said(400, 'SomethingNew'), plain, 'UPLOAD_FAILED', '400 SomethingNew'],
  ['a code that every object has', said(400, 'constructor'), plain, 'UPLOAD_FAILED', '400 constructor'],

  // Something else
  ['a login page', other(200, page), plain, 'CAPTIVE_PORTAL', 's3.example.org:80 answers 200 text/html'],
  [
    'a login page cannot have the certificate',
    other(200, page),
    encrypted,
    'UPLOAD_NOT_S3',
    's3.example.org:443 answers 200 text/html',
  ],
  [
    'the way to a login page',
    other(302, { location: 'http://login.example.net/?from=x' }),
    plain,
    'CAPTIVE_PORTAL',
    's3.example.org:80 answers 302 and leads to http://login.example.net',
  ],
  [
    'the way from http to https',
    other(301, { location: 'https://s3.example.org/' }),
    plain,
    'UPLOAD_NOT_S3',
    's3.example.org:80 answers 301 and leads to https://s3.example.org',
  ],
  [
    'a redirect to nowhere',
    other(302),
    plain,
    'UPLOAD_NOT_S3',
    's3.example.org:80 answers 302 and leads to http://s3.example.org',
  ],
  ['the status for login pages', other(511), encrypted, 'CAPTIVE_PORTAL', 's3.example.org:443 answers 511'],
  [
    'a page of a filter',
    other(403, { ...page, server: 'BlockIt 3' }),
    plain,
    'FILTERED',
    's3.example.org:80 answers 403 text/html from BlockIt 3',
  ],
  [
    'a page of a filter whose certificate is accepted',
    other(403, page),
    encrypted,
    'FILTERED',
    's3.example.org:443 answers 403 text/html',
  ],
  [
    'a proxy that wants a login',
    other(407, squid),
    proxied,
    'PROXY_LOGIN_NEEDED',
    'proxy.example.org:3128 answers 407 for s3.example.org:80',
  ],
  [
    'a proxy that forbids',
    other(403, squid),
    proxied,
    'PROXY_FORBIDS',
    'proxy.example.org:3128 answers 403 for s3.example.org:80',
  ],
  [
    'a proxy that does not get through',
    other(503, squid),
    proxied,
    'PROXY_FAILED',
    'proxy.example.org:3128 answers 503 for s3.example.org:80',
  ],
  [
    'a web server',
    other(404, { ...page, server: 'nginx' }),
    plain,
    'UPLOAD_NOT_S3',
    's3.example.org:80 answers 404 text/html from nginx',
  ],
  [
    'a gateway that is busy',
    other(503, page),
    plain,
    'UPLOAD_BUSY',
    's3.example.org:80 answers 503 text/html',
  ],
  ['a gateway without its server', other(502), plain, 'UPLOAD_SERVER_ERROR', 's3.example.org:80 answers 502'],
]

for (const [name, answer, attempt, code, detail] of rows) {
  test(`${name}: ${code}`, () => assert.deepEqual(explainAnswer(answer, attempt), { code, detail }))
}
