/**
 * Optional parts of an upload that some S3-compatible servers do not support. Each is useful, and none is
 * needed: the answer proves the content of an object, and its name has the hash of the content, so that
 * storing it again changes nothing.
 */
export const extraNames = ['checksum', 'condition', 'metadata', 'expect'] as const
export type Extra = (typeof extraNames)[number]
export type Extras = ReadonlySet<Extra>

/** The order in which they are left out: one at a time, the least valuable first, and then together. */
export function waysToLeaveOut(sent: Extras): Extra[][] {
  const names = extraNames.filter(name => sent.has(name))
  const single = names.map(name => [name])
  const common = names.filter(name => name === 'checksum' || name === 'condition')
  const ways = [...single, common, names]
  return ways.filter(
    (way, index) => way.length > 0 && ways.findIndex(other => other.join() === way.join()) === index,
  )
}

/** Answers with a cause of their own, which leaving extras out does not change. */
const ownMeaning =
  /^(Expired|TokenRefresh|InvalidAccessKey|InvalidToken|InvalidClientToken|RequestTime|RequestExpired|NoSuch|PreconditionFailed|Conditional|OperationAborted|SlowDown|ServiceUnavailable|QuotaExceeded|XMinio|Entity|AuthorizationHeader|IllegalLocation|PermanentRedirect|BadDigest|InvalidDigest|XAmzContentSHA256Mismatch|InvalidPart)/

/**
 * Whether an answer may concern the extras, with any of these statuses: 400 and 501 by the S3 documentation,
 * 403 from a filter or a gateway that removes headers and so breaks the signature, 500 from a server that
 * fails.
 * @param accepted all extras were accepted before; then only an answer that concerns the request as such
 * counts
 */
export function mayBeRefusal(status: number, s3Code: string | undefined, accepted: boolean): boolean {
  if (s3Code !== undefined && ownMeaning.test(s3Code)) return false
  if (status === 501 || status === 417) return true
  if (accepted) return status === 400
  return (status >= 400 && status < 500 && ![407, 408, 409, 412, 429].includes(status)) || status === 500
}

/** 401, 403 and 500 may be temporary: they count only when they come twice. */
export function timesToBelieve(status: number): number {
  return [401, 403, 500].includes(status) ? 2 : 1
}
