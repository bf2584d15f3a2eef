import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, type ErrorCode, toProblem } from '../../../protocol/errors.ts'
import { toUploadError } from './s3-errors.ts'

const now = Temporal.Instant.from('2026-11-22T15:40:00Z')

function nodeError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('a message that may quote anything'), fields)
}

// What cannot be brought about on one computer without a network; the rest is in s3.test.ts.
const rows: [name: string, error: unknown, code: ErrorCode, detail: string | undefined][] = [
  [
    'a name that nobody knows',
    nodeError({ code: 'ENOTFOUND', hostname: 's3.example.org' }),
    'UPLOAD_OFFLINE',
    'ENOTFOUND s3.example.org',
  ],
  [
    'a name service that is silent',
    nodeError({ code: 'EAI_AGAIN', hostname: 's3.example.org' }),
    'UPLOAD_OFFLINE',
    'EAI_AGAIN s3.example.org',
  ],
  [
    'no way there',
    nodeError({ code: 'ENETUNREACH', address: '2001:db8::1', port: 443 }),
    'UPLOAD_OFFLINE',
    'ENETUNREACH 2001:db8::1:443',
  ],
  [
    'both addresses of a host refused',
    new AggregateError([
      nodeError({ code: 'ECONNREFUSED', address: '::1', port: 9 }),
      nodeError({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }),
    ]),
    'UPLOAD_OFFLINE',
    'ECONNREFUSED ::1:9',
  ],
  [
    'a firewall that says nothing',
    nodeError({ name: 'TimeoutError' }),
    'UPLOAD_OFFLINE',
    'no connection in time',
  ],
  [
    'a proxy that is not there',
    nodeError({ code: 'ERR_PROXY_TUNNEL' }),
    'UPLOAD_OFFLINE',
    'ERR_PROXY_TUNNEL',
  ],
  ...[
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ].map((code): (typeof rows)[number] => [
    `a certificate: ${code}`,
    nodeError({ code }),
    'UPLOAD_NOT_S3',
    code,
  ]),
  [
    'no region or profile',
    nodeError({ name: 'CredentialsProviderError' }),
    'UPLOAD_NO_CREDENTIALS',
    undefined,
  ],
  ['an error of our own', new AppError('UPLOAD_NO_BUCKET', { detail: 'x' }), 'UPLOAD_NO_BUCKET', 'x'],
  ['a mistake in a program', new TypeError('x is undefined'), 'UPLOAD_FAILED', 'TypeError'],
  ['no error at all', undefined, 'UPLOAD_FAILED', undefined],
  ['fields of other types', { name: 1, code: {}, $metadata: 'x', $response: 7 }, 'UPLOAD_FAILED', undefined],
]

for (const [name, error, code, detail] of rows) {
  test(`${name}: ${code}`, () => {
    assert.deepEqual(toProblem(toUploadError(error, now)), { code, ...(detail !== undefined && { detail }) })
  })
}
