import * as v from 'valibot'
import { AppError, type ErrorCode } from '../../../protocol/errors.ts'
import { errorWithRetryAfter, parseRetryAfter } from '../../core/retry-after.ts'

type UploadCode = Extract<ErrorCode, `UPLOAD_${string}`>

/** Error codes of S3 and of the service that lends credentials. Those not listed are UPLOAD_FAILED. */
const s3Codes: Record<string, UploadCode> = {
  AccessDenied: 'UPLOAD_DENIED',
  AccountProblem: 'UPLOAD_DENIED',
  AllAccessDisabled: 'UPLOAD_DENIED',
  ExpiredToken: 'UPLOAD_DENIED',
  ExpiredTokenException: 'UPLOAD_DENIED',
  InvalidAccessKeyId: 'UPLOAD_DENIED',
  InvalidClientTokenId: 'UPLOAD_DENIED',
  InvalidSecurity: 'UPLOAD_DENIED',
  InvalidToken: 'UPLOAD_DENIED',
  NotSignedUp: 'UPLOAD_DENIED',
  SignatureDoesNotMatch: 'UPLOAD_DENIED',
  TokenRefreshRequired: 'UPLOAD_DENIED',
  UnauthorizedAccess: 'UPLOAD_DENIED',
  InvalidBucketName: 'UPLOAD_NO_BUCKET',
  NoSuchBucket: 'UPLOAD_NO_BUCKET',
}

/** Codes of Node's network errors. */
const networkCodes: [pattern: RegExp, code: UploadCode][] = [
  [/^E(CONN|HOST|NET)|^(EPIPE|ETIMEDOUT|EADDRNOTAVAIL|ENOTFOUND)$|^EAI_|^ERR_PROXY_/, 'UPLOAD_OFFLINE'],
  // TLS to a server without it, HTTP from a server of something else, a certificate of somebody in between.
  [/^EPROTO$|^HPE_|^ERR_SSL_|^ERR_TLS_|CERT|^UNABLE_TO_/, 'UPLOAD_NOT_S3'],
]

/** Statuses of an answer that is not S3's own: something on the way is busy, or wants to be asked first. */
const foreignStatuses: [matches: (status: number) => boolean, code: UploadCode][] = [
  [status => status === 407, 'UPLOAD_OFFLINE'],
  [status => status === 408 || status === 429 || status >= 500, 'UPLOAD_FAILED'],
  [() => true, 'UPLOAD_NOT_S3'],
]

const text = v.optional(v.string())
const thrownSchema = v.object({
  name: v.fallback(text, undefined),
  /** Of Node. */
  code: v.fallback(text, undefined),
  hostname: v.fallback(text, undefined),
  address: v.fallback(text, undefined),
  port: v.fallback(v.optional(v.number()), undefined),
  statusCode: v.fallback(v.optional(v.number()), undefined),
  /** Of S3, from the XML of its answer. */
  Code: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[\w.]{1,64}$/))), undefined),
  $metadata: v.fallback(v.object({ httpStatusCode: v.optional(v.number()), requestId: text }), {
    httpStatusCode: undefined,
    requestId: undefined,
  }),
  $response: v.fallback(v.object({ headers: v.record(v.string(), v.string()) }), { headers: {} }),
})
type Thrown = v.InferOutput<typeof thrownSchema>

/**
 * What a failed request means to the person. The detail is made of codes, names and numbers only: messages of
 * servers and libraries are not shown, because they may quote what was sent.
 */
export function toUploadError(error: unknown, now: Temporal.Instant): AppError {
  if (error instanceof AppError) return error
  // Two addresses of one host that both fail come as one error that holds both.
  const first = error instanceof AggregateError ? error.errors[0] : error
  const parsed = v.safeParse(thrownSchema, first)
  if (!parsed.success) return new AppError('UPLOAD_FAILED', { cause: error })
  const { code, detail } = explain(parsed.output)
  const retryAfter = parsed.output.$response.headers['retry-after']
  const retryAfterMs = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, now)
  return errorWithRetryAfter(code, { ...(detail && { detail }), cause: error }, retryAfterMs)
}

/** Whether S3 itself gave this answer, and not something between it and us. */
export function isS3Answer(error: unknown, s3Code: string): boolean {
  const parsed = v.safeParse(thrownSchema, error)
  return parsed.success && parsed.output.Code === s3Code
}

export function httpStatusOf(error: unknown): number | undefined {
  const parsed = v.safeParse(thrownSchema, error)
  return parsed.success ? parsed.output.$metadata.httpStatusCode : undefined
}

function explain(thrown: Thrown): { code: UploadCode; detail?: string } {
  const { name = '', code = '', Code, $metadata } = thrown
  if (/^(Credentials|Token)?ProviderError$/.test(name)) return { code: 'UPLOAD_NO_CREDENTIALS' }
  const status = $metadata.httpStatusCode
  if (status !== undefined) {
    const fromS3 = Code !== undefined || $metadata.requestId !== undefined
    return fromS3 ? explainS3(status, thrown) : explainForeign(status, thrown)
  }
  const network = networkCodes.find(([pattern]) => pattern.test(code))
  if (network)
    return { code: network[1], detail: [code, thrown.statusCode, whereOf(thrown)].filter(Boolean).join(' ') }
  if (name === 'TimeoutError') return { code: 'UPLOAD_OFFLINE', detail: 'no connection in time' }
  return { code: 'UPLOAD_FAILED', detail: code || name }
}

function explainS3(status: number, { Code = '', $response }: Thrown): { code: UploadCode; detail: string } {
  const denied = status === 401 || status === 403
  const known = Object.hasOwn(s3Codes, Code) ? s3Codes[Code] : undefined
  const said = `${status} ${Code}`.trim()
  if (Code === 'RequestTimeTooSkewed') {
    return { code: 'UPLOAD_FAILED', detail: `${said}: the clock of this computer is wrong` }
  }
  const region = $response.headers['x-amz-bucket-region']
  if (known === undefined && region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) && status < 500) {
    return { code: 'UPLOAD_FAILED', detail: `${said}: the region setting should be ${region}` }
  }
  return { code: known ?? (denied ? 'UPLOAD_DENIED' : 'UPLOAD_FAILED'), detail: said }
}

function explainForeign(status: number, { $response }: Thrown): { code: UploadCode; detail: string } {
  const code = foreignStatuses.find(([matches]) => matches(status))?.[1] ?? 'UPLOAD_NOT_S3'
  const type = /^[\w/.+-]{1,40}/.exec($response.headers['content-type'] ?? '')?.[0]
  return { code, detail: [status, type].filter(Boolean).join(' ') }
}

function whereOf({ hostname, address, port }: Thrown): string {
  const host = hostname ?? address
  return host === undefined ? '' : port === undefined ? host : `${host}:${port}`
}
