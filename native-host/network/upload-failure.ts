import type { ErrorCode, Problem } from '../../protocol/errors.ts'
import { clockDetail } from './clock-skew.ts'
import { type Answer, type Attempt, explainAnswer, explainTunnel } from './upload-answer.ts'

/**
 * What a failure on the route to the storage means for the person: one table, which the uploader and the
 * connection test share. A detail consists of codes, names and numbers only, never of messages that may quote
 * sent data.
 */

/** A failure as it was observed. */
export type ObservedFailure =
  /** A code of Node or OpenSSL, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
  | { kind: 'code'; code: string; certificate?: Certificate | undefined }
  | { kind: 'timeout'; waitingFor: 'name' | 'connection' | 'tunnel' | 'answer'; detail?: string }
  /** The answer of a proxy to a request for a tunnel. */
  | { kind: 'tunnel'; status: number }
  | { kind: 'answer'; answer: Answer }

/** Data that a server shows to any client; it counts only as a hint. */
export type Certificate = {
  issuer: string
  from: Temporal.Instant
  to: Temporal.Instant
  /** The Date header of the same server. */
  serverTime?: Temporal.Instant | undefined
}

export function explainUploadFailure(seen: ObservedFailure, attempt: Attempt): Problem {
  switch (seen.kind) {
    case 'code':
      return explainCode(seen.code, seen.certificate, attempt)
    case 'timeout':
      return explainTimeout(seen, attempt)
    case 'tunnel':
      return explainTunnel(seen.status, attempt)
    case 'answer':
      return explainAnswer(seen.answer, attempt)
    default:
      throw seen satisfies never
  }
}

/** Codes of Node and OpenSSL. `proxied`: the meaning when the proxy was the target. */
const codeRows: [pattern: RegExp, code: ErrorCode, proxied?: ErrorCode][] = [
  [/^(ENOTFOUND|ENODATA|EAI_NONAME|EAI_NODATA)$/, 'DNS_UNKNOWN', 'PROXY_UNREACHABLE'],
  [/^(EAI_|ETIMEOUT$|ESERVFAIL$|EREFUSED$)/, 'DNS_SILENT'],
  [/^ECONNREFUSED$/, 'PORT_REFUSED', 'PROXY_UNREACHABLE'],
  [/^(EHOSTUNREACH|ENETUNREACH|EACCES|EPERM|EADDRNOTAVAIL)$/, 'PORT_REJECTED', 'PROXY_UNREACHABLE'],
  [/^(ENETDOWN|EHOSTDOWN)$/, 'NETWORK_NONE'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|HPE_INVALID_EOF_STATE)$|_ALERT_/, 'CONNECTION_CUT'],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_REVOKED|HOSTNAME_MISMATCH)$/, 'TLS_CERTIFICATE_INVALID'],
  [/^(ERR_TLS_CERT_ALTNAME_\w+|INVALID_PURPOSE)$/, 'TLS_CERTIFICATE_INVALID'],
  [/^UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|SELF_SIGNED|^CERT_|^PATH_LENGTH/, 'TLS_INTERCEPTED'],
  [/^ERR_PROXY_/, 'PROXY_FAILED'],
  // TLS to a server without it, HTTP from a server of something else.
  [/^(EPROTO$|HPE_|ERR_SSL_|ERR_TLS_|ERR_REPLY_)/, 'UPLOAD_NOT_S3'],
]

/** Codes without a meaning of their own while there is no network at all. */
const farCodes: readonly ErrorCode[] = [
  'DNS_UNKNOWN',
  'DNS_SILENT',
  'PROXY_UNREACHABLE',
  'PORT_DROPPED',
  'PORT_REJECTED',
]

function explainCode(code: string, certificate: Certificate | undefined, attempt: Attempt): Problem {
  const [, direct, proxied] = codeRows.find(([pattern]) => pattern.test(code)) ?? []
  if (direct === undefined) return { code: 'UPLOAD_FAILED', detail: code }
  const found = attempt.proxy === undefined ? direct : (proxied ?? direct)
  if (found === 'TLS_INTERCEPTED') return { code: found, detail: issued(attempt, certificate) }
  if (found === 'TLS_CERTIFICATE_INVALID') return explainCertificate(code, certificate, attempt)
  return unlessUnconnected(found, attempt, code)
}

/** A proxy looks up names and opens connections for the client: then the proxy was not reached. */
function unlessUnconnected(code: ErrorCode, attempt: Attempt, said: string): Problem {
  if (!attempt.connected && farCodes.includes(code)) return { code: 'NETWORK_NONE' }
  const where = code.startsWith('PROXY_') ? (attempt.proxy ?? attempt.target) : attempt.target
  return { code, detail: `${where} (${said})` }
}

function explainCertificate(said: string, certificate: Certificate | undefined, attempt: Attempt): Problem {
  if (certificate && /EXPIRED|NOT_YET/.test(said)) {
    const { serverTime, from, to } = certificate
    const { compare } = Temporal.Instant
    // The server's clock finds its certificate valid, and ours does not.
    if (serverTime && compare(from, serverTime) < 0 && compare(serverTime, to) < 0)
      return { code: 'UPLOAD_CLOCK_WRONG', detail: clockDetail(attempt.now, serverTime) }
    const valid = `valid from ${dayOf(from)} to ${dayOf(to)}`
    return { code: 'TLS_CERTIFICATE_INVALID', detail: `${attempt.target}, ${valid} (${said})` }
  }
  return { code: 'TLS_CERTIFICATE_INVALID', detail: `${attempt.target} (${said})` }
}

function issued({ target }: Attempt, certificate: Certificate | undefined): string {
  return certificate === undefined ? target : `${target}, its certificate is from “${certificate.issuer}”`
}

const timeouts = {
  name: 'DNS_SILENT',
  connection: 'PORT_DROPPED',
  tunnel: 'PROXY_FAILED',
  answer: 'CONNECTION_STALLED',
} as const satisfies Record<Extract<ObservedFailure, { kind: 'timeout' }>['waitingFor'], ErrorCode>

function explainTimeout(
  { waitingFor, detail }: Extract<ObservedFailure, { kind: 'timeout' }>,
  attempt: Attempt,
): Problem {
  const reachesProxy = waitingFor === 'connection' && attempt.proxy !== undefined
  const code = reachesProxy ? 'PROXY_UNREACHABLE' : timeouts[waitingFor]
  return unlessUnconnected(code, attempt, detail ?? 'no answer in time')
}

const dayOf = (instant: Temporal.Instant) => instant.toString().slice(0, 10)
