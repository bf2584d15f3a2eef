import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, type ErrorCode, toProblem } from '../../../../protocol/errors.ts'
import { toUploadError } from './errors.ts'

// What cannot be brought about on one computer; the rest is in destination.test.ts, and what it means in network/upload-*.test.ts.

const request = {
  // Loopback: every computer has a route to it.
  address: new URL('https://127.0.0.1/records'),
  proxyEnv: {},
  asked: { action: 's3:PutObject', resource: 'records/p/k', region: 'us-east-1' },
}

function sdkError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('a message that may quote anything'), fields)
}

const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode, requestId: 'tx1' } })

const rows: [name: string, error: unknown, code: ErrorCode, detail: string | undefined][] = [
  [
    'both addresses of a host refused',
    new AggregateError([
      sdkError({ code: 'ENETUNREACH', address: '::1', port: 9 }),
      sdkError({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }),
    ]),
    'PORT_REFUSED',
    '127.0.0.1:443 (ECONNREFUSED)',
  ],
  [
    'the deadline of the SDK for a connection',
    sdkError({ name: 'TimeoutError' }),
    'PORT_DROPPED',
    '127.0.0.1:443 (no answer in time)',
  ],
  [
    'a cut that the SDK calls a timeout',
    sdkError({ name: 'TimeoutError', code: 'ECONNRESET' }),
    'CONNECTION_CUT',
    '127.0.0.1:443 (ECONNRESET)',
  ],
  [
    'a region in the words of S3',
    sdkError({ ...answered(400), Code: 'AuthorizationHeaderMalformed', Region: 'eu-west-1' }),
    'UPLOAD_WRONG_REGION',
    'its region is eu-west-1 (400 AuthorizationHeaderMalformed)',
  ],
  [
    'a refusal that says what it refuses',
    Object.assign(
      new Error(
        'User: arn:aws:iam::1:user/x is not authorized to perform: kms:GenerateDataKey on resource: y',
      ),
      { ...answered(403), Code: 'AccessDenied' },
    ),
    'UPLOAD_DENIED',
    'kms:GenerateDataKey on records/p/k (403 AccessDenied)',
  ],
  [
    'no region or profile',
    sdkError({ name: 'CredentialsProviderError' }),
    'UPLOAD_NO_CREDENTIALS',
    undefined,
  ],
  ['an error of our own', new AppError('UPLOAD_NO_BUCKET', { detail: 'x' }), 'UPLOAD_NO_BUCKET', 'x'],
  ['a mistake in a program', new TypeError('x is undefined'), 'UPLOAD_FAILED', 'TypeError'],
  ['no error at all', undefined, 'UPLOAD_FAILED', undefined],
  ['fields of other types', { name: 1, code: {}, $metadata: 'x', $response: 7 }, 'UPLOAD_FAILED', undefined],
]

for (const [name, error, code, detail] of rows) {
  test(`${name}: ${code}`, async () => {
    const problem = toProblem(await toUploadError(error, request))
    assert.deepEqual(problem, { code, ...(detail !== undefined && { detail }) })
  })
}

const how = 'renew them: aws sso login'
const expired = sdkError({ ...answered(400), Code: 'ExpiredToken' })
const unknown = sdkError({ ...answered(403), Code: 'InvalidAccessKeyId' })
const renewals: [name: string, error: unknown, over: boolean, code: ErrorCode, detail: string][] = [
  ['the server says so', expired, false, 'UPLOAD_CREDENTIALS_EXPIRED', `400 ExpiredToken; ${how}`],
  [
    'the server says that it does not know them, and their time is over',
    unknown,
    true,
    'UPLOAD_CREDENTIALS_EXPIRED',
    `403 InvalidAccessKeyId; ${how}`,
  ],
  ['the server does not know them', unknown, false, 'UPLOAD_KEY_UNKNOWN', '403 InvalidAccessKeyId'],
]
for (const [name, error, over, code, detail] of renewals) {
  test(`credentials for some hours, and ${name}: ${code}`, async () => {
    const problem = toProblem(await toUploadError(error, { ...request, renewal: { how, over } }))
    assert.deepEqual(problem, { code, detail })
  })
}
