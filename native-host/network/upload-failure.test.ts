import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import type { Attempt } from './upload-answer.ts'
import { explainUploadFailure, type ObservedFailure } from './upload-failure.ts'

const instant = (text: string) => Temporal.Instant.from(text)
const direct: Attempt = {
  target: 's3.example.org:443',
  encrypted: true,
  connected: true,
  now: instant('2026-11-22T12:00:00Z'),
}
const proxied: Attempt = { ...direct, proxy: 'proxy.example.org:3128' }
const unconnected: Attempt = { ...direct, connected: false }
const fromPast: Attempt = { ...direct, now: instant('2020-01-01T00:00:00Z') }

const code = (code: string): ObservedFailure => ({ kind: 'code', code })
const late = (waitingFor: Extract<ObservedFailure, { kind: 'timeout' }>['waitingFor']): ObservedFailure => ({
  kind: 'timeout',
  waitingFor,
})
const certificate = {
  issuer: 'Example Filter CA',
  from: instant('2026-01-01T00:00:00Z'),
  to: instant('2027-01-01T00:00:00Z'),
}

const rows: [name: string, seen: ObservedFailure, attempt: Attempt, code: ErrorCode, detail?: string][] = [
  ['an unknown name', code('ENOTFOUND'), direct, 'DNS_UNKNOWN', 's3.example.org:443 (ENOTFOUND)'],
  [
    'a name service that is silent',
    code('EAI_AGAIN'),
    direct,
    'DNS_SILENT',
    's3.example.org:443 (EAI_AGAIN)',
  ],
  [
    'a look-up that takes for ever',
    late('name'),
    direct,
    'DNS_SILENT',
    's3.example.org:443 (no answer in time)',
  ],
  ['no network explains a name that is not found', code('EAI_AGAIN'), unconnected, 'NETWORK_NONE'],
  ['no network explains that there is no way', code('ENETUNREACH'), unconnected, 'NETWORK_NONE'],
  ['no network explains silence', late('connection'), unconnected, 'NETWORK_NONE'],
  [
    'a computer’s own port needs no network',
    code('ECONNREFUSED'),
    unconnected,
    'PORT_REFUSED',
    's3.example.org:443 (ECONNREFUSED)',
  ],
  ['no answer', late('connection'), direct, 'PORT_DROPPED', 's3.example.org:443 (no answer in time)'],
  ['refused', code('ECONNREFUSED'), direct, 'PORT_REFUSED', 's3.example.org:443 (ECONNREFUSED)'],
  ['rejected', code('EHOSTUNREACH'), direct, 'PORT_REJECTED', 's3.example.org:443 (EHOSTUNREACH)'],
  ['reset', code('ECONNRESET'), direct, 'CONNECTION_CUT', 's3.example.org:443 (ECONNRESET)'],
  [
    'a TLS alert',
    code('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED'),
    direct,
    'CONNECTION_CUT',
    's3.example.org:443 (ERR_SSL_TLSV1_ALERT_ACCESS_DENIED)',
  ],
  ['standing still', late('answer'), direct, 'CONNECTION_STALLED', 's3.example.org:443 (no answer in time)'],
  [
    'a proxy that is not there',
    code('ECONNREFUSED'),
    proxied,
    'PROXY_UNREACHABLE',
    'proxy.example.org:3128 (ECONNREFUSED)',
  ],
  ['an unknown proxy', code('ENOTFOUND'), proxied, 'PROXY_UNREACHABLE', 'proxy.example.org:3128 (ENOTFOUND)'],
  [
    'a proxy that is silent',
    late('connection'),
    proxied,
    'PROXY_UNREACHABLE',
    'proxy.example.org:3128 (no answer in time)',
  ],
  [
    'a proxy that takes for ever',
    late('tunnel'),
    proxied,
    'PROXY_FAILED',
    'proxy.example.org:3128 (no answer in time)',
  ],
  [
    'a proxy that wants a login',
    { kind: 'tunnel', status: 407 },
    proxied,
    'PROXY_LOGIN_NEEDED',
    'proxy.example.org:3128 answers 407 for s3.example.org:443',
  ],
  [
    'a proxy that forbids',
    { kind: 'tunnel', status: 403 },
    proxied,
    'PROXY_FORBIDS',
    'proxy.example.org:3128 answers 403 for s3.example.org:443',
  ],
  [
    'a proxy that does not get through',
    { kind: 'tunnel', status: 503 },
    proxied,
    'PROXY_FAILED',
    'proxy.example.org:3128 answers 503 for s3.example.org:443',
  ],
  [
    'an unknown authority',
    { kind: 'code', code: 'SELF_SIGNED_CERT_IN_CHAIN', certificate },
    direct,
    'TLS_INTERCEPTED',
    's3.example.org:443, its certificate is from “Example Filter CA”',
  ],
  [
    'an unknown authority that hid',
    code('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    direct,
    'TLS_INTERCEPTED',
    's3.example.org:443',
  ],
  [
    'another name',
    code('ERR_TLS_CERT_ALTNAME_INVALID'),
    direct,
    'TLS_CERTIFICATE_INVALID',
    's3.example.org:443 (ERR_TLS_CERT_ALTNAME_INVALID)',
  ],
  [
    'a certificate that has run out',
    {
      kind: 'code',
      code: 'CERT_HAS_EXPIRED',
      certificate: { ...certificate, to: instant('2026-02-01T00:00:00Z'), serverTime: direct.now },
    },
    direct,
    'TLS_CERTIFICATE_INVALID',
    's3.example.org:443, valid from 2026-01-01 to 2026-02-01 (CERT_HAS_EXPIRED)',
  ],
  [
    'a clock that finds a good certificate too young',
    { kind: 'code', code: 'CERT_NOT_YET_VALID', certificate: { ...certificate, serverTime: direct.now } },
    fromPast,
    'UPLOAD_CLOCK_WRONG',
    'the clock of this computer is 2518 days slow',
  ],
  ['not TLS', code('EPROTO'), direct, 'UPLOAD_NOT_S3', 's3.example.org:443 (EPROTO)'],
  [
    'not HTTP',
    code('HPE_INVALID_CONSTANT'),
    direct,
    'UPLOAD_NOT_S3',
    's3.example.org:443 (HPE_INVALID_CONSTANT)',
  ],
  ['a code of tomorrow', code('EWHATEVER'), direct, 'UPLOAD_FAILED', 'EWHATEVER'],
]

for (const [name, seen, attempt, code, detail] of rows) {
  test(`${name}: ${code}`, () => {
    const expected = { code, ...(detail !== undefined && { detail }) }
    assert.deepEqual(explainUploadFailure(seen, attempt), expected)
  })
}

test('property: every failure has a code of the table', () => {
  const statuses = fc.integer({ min: 100, max: 999 })
  const seen: fc.Arbitrary<ObservedFailure> = fc.oneof(
    fc.record({ kind: fc.constant('code' as const), code: fc.string() }),
    fc.record({ kind: fc.constant('tunnel' as const), status: statuses }),
    fc.record({
      kind: fc.constant('answer' as const),
      answer: fc.record({
        status: statuses,
        headers: fc.dictionary(
          fc.constantFrom(
            'content-type',
            'location',
            'date',
            'server',
            'x-amz-bucket-region',
            'x-amz-request-id',
          ),
          fc.string(),
        ),
        s3Code: fc.option(fc.string(), { nil: undefined }),
      }),
    }),
  )
  fc.assert(
    fc.property(seen, fc.constantFrom(direct, proxied, unconnected), (what, attempt) => {
      assert.ok(Object.hasOwn(errorRows, explainUploadFailure(what, attempt).code))
    }),
  )
})
