import type { ErrorCode, Problem } from '../../protocol/errors.ts'
import { clockDetail, mostSkewMs, parseHttpDate } from './clock-skew.ts'

/** The attempted request. */
export type Attempt = {
  /** As `host:port`. */
  target: string
  /** As `host:port`, when one is used. */
  proxy?: string | undefined
  /** Whether TLS is spoken with the target: then the answer comes from the target itself. */
  encrypted: boolean
  /** Whether this computer has any network route. */
  connected: boolean
  now: Temporal.Instant
  /** The request to S3; undefined before any. */
  request?: { action: string; resource: string; region: string } | undefined
}

export type Answer = {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** From the XML of the answer. */
  s3Code?: string | undefined
  /** From the XML of the answer: which region to sign for. */
  s3Region?: string | undefined
  /** From the XML of the answer: the action that was not allowed. */
  s3Action?: string | undefined
}

/** Error codes of S3, compatible servers, and the security token service. */
const s3Codes: Record<string, ErrorCode> = {
  AccessDenied: 'UPLOAD_DENIED',
  AccountProblem: 'UPLOAD_DENIED',
  AllAccessDisabled: 'UPLOAD_DENIED',
  NotSignedUp: 'UPLOAD_DENIED',
  UnauthorizedAccess: 'UPLOAD_DENIED',
  ExpiredToken: 'UPLOAD_CREDENTIALS_EXPIRED',
  ExpiredTokenException: 'UPLOAD_CREDENTIALS_EXPIRED',
  ExpiredCredentials: 'UPLOAD_CREDENTIALS_EXPIRED',
  SecurityTokenExpired: 'UPLOAD_CREDENTIALS_EXPIRED',
  TokenExpired: 'UPLOAD_CREDENTIALS_EXPIRED',
  TokenRefreshRequired: 'UPLOAD_CREDENTIALS_EXPIRED',
  // Of a request, and of its credentials; where it is the request, the clocks differ.
  RequestExpired: 'UPLOAD_CREDENTIALS_EXPIRED',
  InvalidAccessKeyId: 'UPLOAD_KEY_UNKNOWN',
  InvalidClientTokenId: 'UPLOAD_KEY_UNKNOWN',
  InvalidSecurity: 'UPLOAD_KEY_UNKNOWN',
  InvalidToken: 'UPLOAD_KEY_UNKNOWN',
  SignatureDoesNotMatch: 'UPLOAD_SIGNATURE_WRONG',
  InvalidBucketName: 'UPLOAD_NO_BUCKET',
  NoSuchBucket: 'UPLOAD_NO_BUCKET',
  RequestTimeTooSkewed: 'UPLOAD_CLOCK_WRONG',
  AuthorizationHeaderMalformed: 'UPLOAD_WRONG_REGION',
  IllegalLocationConstraintException: 'UPLOAD_WRONG_REGION',
  PermanentRedirect: 'UPLOAD_WRONG_REGION',
  TemporaryRedirect: 'UPLOAD_WRONG_REGION',
  ConditionalRequestConflict: 'UPLOAD_BUSY',
  OperationAborted: 'UPLOAD_BUSY',
  RequestTimeout: 'CONNECTION_STALLED',
  ServiceUnavailable: 'UPLOAD_BUSY',
  SlowDown: 'UPLOAD_BUSY',
  SlowDownWrite: 'UPLOAD_BUSY',
  QuotaExceeded: 'UPLOAD_STORAGE_FULL',
  XMinioAdminBucketQuotaExceeded: 'UPLOAD_STORAGE_FULL',
  XMinioStorageFull: 'UPLOAD_STORAGE_FULL',
}

/** The meaning of a status of S3 itself, where its code has none. */
const s3Statuses: StatusRows = [
  [status => status === 301 || status === 307, 'UPLOAD_WRONG_REGION'],
  [status => status === 401 || status === 403, 'UPLOAD_DENIED'],
  [status => status === 429 || status === 503, 'UPLOAD_BUSY'],
  [status => status === 507, 'UPLOAD_STORAGE_FULL'],
  [status => status >= 500, 'UPLOAD_SERVER_ERROR'],
]

/** S3 marks every answer; a compatible server sends at least its XML. */
export function isFromS3({ headers, s3Code }: Answer): boolean {
  return (
    s3Code !== undefined || headers['x-amz-request-id'] !== undefined || headers['x-amz-id-2'] !== undefined
  )
}

export function explainAnswer(answer: Answer, attempt: Attempt): Problem {
  return isFromS3(answer) ? explainS3(answer, attempt) : explainForeign(answer, attempt)
}

function explainS3({ status, headers, s3Code = '', s3Region, s3Action }: Answer, attempt: Attempt): Problem {
  const meant = Object.hasOwn(s3Codes, s3Code) ? s3Codes[s3Code] : codeOfStatus(s3Statuses, status)
  const late = s3Code === 'RequestExpired' && skewMsTo(headers.date, attempt.now) > mostSkewMs
  const code = late ? 'UPLOAD_CLOCK_WRONG' : meant
  const said = `${status} ${s3Code}`.trim()
  const { resource, action } = attempt.request ?? {}
  switch (code) {
    case 'UPLOAD_DENIED':
      return {
        code,
        detail: [s3Action ?? action, resource && `on ${resource}`, `(${said})`].filter(Boolean).join(' '),
      }
    case 'UPLOAD_CLOCK_WRONG': {
      const theirs = parseHttpDate(headers.date)
      return { code, detail: (theirs && clockDetail(attempt.now, theirs)) ?? said }
    }
    case 'UPLOAD_WRONG_REGION': {
      const region = [headers['x-amz-bucket-region'], s3Region].find(
        name => name !== undefined && name !== attempt.request?.region && /^[a-z0-9-]{1,40}$/.test(name),
      )
      if (region !== undefined) return { code, detail: `its region is ${region} (${said})` }
      // Also said of a malformed access key, and then another region would not help.
      return s3Code === 'AuthorizationHeaderMalformed'
        ? { code: 'UPLOAD_KEY_UNKNOWN', detail: said }
        : { code, detail: said }
    }
    case 'UPLOAD_NO_BUCKET':
      return { code, detail: [resource?.split('/')[0], `(${said})`].filter(Boolean).join(' ') }
    case 'CONNECTION_STALLED':
      return { code, detail: `${attempt.target} (${said})` }
    default:
      return { code: code ?? 'UPLOAD_FAILED', detail: said }
  }
}

function skewMsTo(date: string | undefined, now: Temporal.Instant): number {
  const theirs = parseHttpDate(date)
  return theirs === undefined ? 0 : Math.abs(now.epochMilliseconds - theirs.epochMilliseconds)
}

/** A device on the route answered, or a server that is no S3 server. */
function explainForeign(answer: Answer, attempt: Attempt): Problem {
  const { status, headers } = answer
  const html = /^text\/html/i.test(headers['content-type'] ?? '')
  const detail = `${attempt.target} answers ${describe(answer)}`
  if (status === 407) return explainTunnel(status, attempt)
  if (status === 511) return { code: 'CAPTIVE_PORTAL', detail }
  if (status >= 300 && status < 400) return explainRedirect(answer, attempt)
  // Squid names its reason in a header; no such header of other proxies is known.
  if (attempt.proxy !== undefined && !attempt.encrypted && headers['x-squid-error'] !== undefined)
    return explainTunnel(status, attempt)
  if (status === 403 || status === 451) return { code: html ? 'FILTERED' : 'UPLOAD_NOT_S3', detail }
  const trouble = codeOfStatus(foreignStatuses, status)
  if (trouble !== undefined) return { code: trouble, detail }
  // No device on the route can answer for a target whose certificate was checked.
  const portal = status < 300 && html && !attempt.encrypted
  return { code: portal ? 'CAPTIVE_PORTAL' : 'UPLOAD_NOT_S3', detail }
}

const foreignStatuses: StatusRows = [
  [status => status === 408, 'CONNECTION_STALLED'],
  [status => status === 429 || status === 503, 'UPLOAD_BUSY'],
  [status => status === 507, 'UPLOAD_STORAGE_FULL'],
  [status => status >= 500, 'UPLOAD_SERVER_ERROR'],
]

/** A redirect from a host to itself, as from http to https, means a wrong address and no login page. */
function explainRedirect(answer: Answer, { target, encrypted }: Attempt): Problem {
  const here = URL.parse(`http://${target}`)
  const there = URL.parse(answer.headers.location ?? '', here?.href)
  const detail = `${target} answers ${describe(answer)}${there ? ` and leads to ${there.origin.slice(0, 100)}` : ''}`
  const away = there !== null && there.hostname !== here?.hostname
  return { code: away && !encrypted ? 'CAPTIVE_PORTAL' : 'UPLOAD_NOT_S3', detail }
}

/** "403 text/html from squid/5.7": the names that a server gives itself, as far as they are safe to show. */
function describe({ status, headers }: Answer): string {
  const type = /^[\w/.+-]{1,40}/.exec(headers['content-type'] ?? '')?.[0]
  const server = /^[\w/.()+ -]{1,60}/.exec(headers.server ?? '')?.[0]
  return [status, type, server && `from ${server}`].filter(Boolean).join(' ')
}

type StatusRows = readonly [matches: (status: number) => boolean, code: ErrorCode][]

function codeOfStatus(rows: StatusRows, status: number): ErrorCode | undefined {
  return rows.find(([matches]) => matches(status))?.[1]
}

const tunnelStatuses: StatusRows = [
  [status => status === 407 || status === 401, 'PROXY_LOGIN_NEEDED'],
  [status => status >= 400 && status < 500, 'PROXY_FORBIDS'],
  [() => true, 'PROXY_FAILED'],
]

/** The answer of a proxy to a request for a tunnel or a page. */
export function explainTunnel(status: number, { proxy, target }: Attempt): Problem {
  const code = codeOfStatus(tunnelStatuses, status) ?? 'PROXY_FAILED'
  return { code, detail: `${proxy ?? 'the proxy'} answers ${status} for ${target}` }
}
