import * as v from 'valibot'
import { AppError, type ErrorCode } from '../../../../protocol/errors.ts'
import { errorWithRetryAfter, parseRetryAfter } from '../../../delivery/retry-after.ts'
import { type ProxyVariables, routeTo } from '../../../network/route.ts'
import type { Attempt } from '../../../network/upload-answer.ts'
import type { ObservedFailure } from '../../../network/upload-failure.ts'
import { explainFailure } from '../../../platform/network/explain-failure.ts'
import { seenInError } from '../../../platform/network/network-error.ts'
import type { Renewal } from './connection.ts'

/** Puts what the SDK throws into the form of network/upload-failure.ts, which says what it means. */

const text = v.optional(v.string())
/** From the XML of S3's answer: nothing but what has the form of such a word is ever shown. */
const only = (form: RegExp) => v.fallback(v.optional(v.pipe(v.string(), v.regex(form))), undefined)
const thrownSchema = v.object({
  name: v.fallback(text, undefined),
  message: v.fallback(text, undefined),
  code: v.fallback(text, undefined),
  Code: only(/^[\w.]{1,64}$/),
  Region: only(/^[a-z0-9-]{1,40}$/),
  $metadata: v.fallback(v.object({ httpStatusCode: v.optional(v.number()), requestId: text }), {
    httpStatusCode: undefined,
    requestId: undefined,
  }),
  $response: v.fallback(v.object({ headers: v.record(v.string(), v.string()) }), { headers: {} }),
})
type Thrown = v.InferOutput<typeof thrownSchema>

/** Where a request went and what it was to do. */
export type S3Request = {
  /** The address that the SDK made of endpoint, region and bucket. */
  address: URL
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY as the request's agent got them. */
  proxyEnv: ProxyVariables
  asked: Attempt['request']
  renewal?: Renewal | undefined
}

/** What a failed request means to the person. Looks at the network, and at a certificate that was not accepted. */
export async function toUploadError(error: unknown, request: S3Request): Promise<AppError> {
  if (error instanceof AppError) return error
  const thrown = v.safeParse(thrownSchema, error)
  if (thrown.success && /^(Credentials|Token)?ProviderError$/.test(thrown.output.name ?? ''))
    return new AppError('UPLOAD_NO_CREDENTIALS', { cause: error })
  const seen = thrown.success ? seenBySdk(error, thrown.output) : undefined
  if (seen === undefined) {
    const detail = thrown.success ? thrown.output.code || thrown.output.name : undefined
    return new AppError('UPLOAD_FAILED', { ...(detail && { detail }), cause: error })
  }
  const { code, detail } = await explainFailure(
    seen,
    routeTo(request.address, request.proxyEnv),
    request.asked,
  )
  const problem = withRenewal({ code, detail }, request.renewal)
  const said = problem.detail === undefined ? {} : { detail: problem.detail }
  return errorWithRetryAfter(problem.code, { ...said, cause: error }, retryAfterMsIn(seen))
}

/** Some servers say of a key whose time is over no more than that they do not know it. */
const saidOfExpired: readonly ErrorCode[] = ['UPLOAD_KEY_UNKNOWN', 'UPLOAD_DENIED', 'UPLOAD_SIGNATURE_WRONG']

function withRenewal(
  { code, detail }: { code: ErrorCode; detail: string | undefined },
  renewal: Renewal | undefined,
) {
  const expired = code === 'UPLOAD_CREDENTIALS_EXPIRED' || (renewal?.over && saidOfExpired.includes(code))
  if (!expired || renewal === undefined) return { code, detail }
  return {
    code: 'UPLOAD_CREDENTIALS_EXPIRED',
    detail: [detail, renewal.how].filter(part => part !== undefined).join('; '),
  } as const
}

/**
 * For an answer that the SDK takes for success and that proves nothing. Its headers are not known here: a page is the
 * likely one, because all that answer 200 to everything are made for browsers.
 */
export function unproven({ $metadata }: { $metadata: { httpStatusCode?: number | undefined } }): Error {
  const $response = { headers: { 'content-type': 'text/html' } }
  return Object.assign(new Error('no proof of the upload'), { $metadata, $response })
}

/** Whether S3 itself gave this answer, and not something between it and us. */
export function isS3Answer(error: unknown, s3Code: string): boolean {
  const thrown = v.safeParse(thrownSchema, error)
  return thrown.success && thrown.output.Code === s3Code
}

export function s3CodeOf(error: unknown): string | undefined {
  const thrown = v.safeParse(thrownSchema, error)
  return thrown.success ? thrown.output.Code : undefined
}

export function httpStatusOf(error: unknown): number | undefined {
  const thrown = v.safeParse(thrownSchema, error)
  return thrown.success ? thrown.output.$metadata.httpStatusCode : undefined
}

function seenBySdk(error: unknown, thrown: Thrown): ObservedFailure | undefined {
  const { $metadata, $response, Code, Region, name, message = '' } = thrown
  if ($metadata.httpStatusCode !== undefined) {
    const headers = { ...$response.headers }
    // The SDK knows more names for it than one.
    if ($metadata.requestId !== undefined) headers['x-amz-request-id'] ??= $metadata.requestId
    const s3Action = /not authorized to perform: ([a-z0-9-]{2,20}:[A-Za-z]{3,60})\b/.exec(message)?.[1]
    const answer = { status: $metadata.httpStatusCode, headers, s3Code: Code, s3Region: Region, s3Action }
    return { kind: 'answer', answer }
  }
  const seen = seenInError(error)
  if (seen !== undefined) return seen
  // The SDK's own deadlines have no code.
  if (name !== 'TimeoutError') return undefined
  return { kind: 'timeout', waitingFor: message.includes('inactivity') ? 'answer' : 'connection' }
}

function retryAfterMsIn(seen: ObservedFailure): number | undefined {
  const header = seen.kind === 'answer' ? seen.answer.headers['retry-after'] : undefined
  return header === undefined ? undefined : parseRetryAfter(header, Temporal.Now.instant())
}
