/**
 * What goes with an upload beyond what every server of S3's kind knows. Each is worth having, and none is needed:
 * what an object holds is proven by the answer, and its name has the hash of its contents, so that storing it over
 * itself changes nothing.
 */
export const extraNames = ['checksum', 'condition', 'metadata', 'expect'] as const
export type Extra = (typeof extraNames)[number]
export type Extras = ReadonlySet<Extra>

/** In which order they are left out: one alone, in the order of what is lost with it, and then together. */
export function waysToLeaveOut(sent: Extras): Extra[][] {
  const names = extraNames.filter(name => sent.has(name))
  const single = names.map(name => [name])
  const common = names.filter(name => name === 'checksum' || name === 'condition')
  const ways = [...single, common, names]
  return ways.filter(
    (way, index) => way.length > 0 && ways.findIndex(other => other.join() === way.join()) === index,
  )
}

/** Answers that say something of their own, which leaving out does not change. */
const ownMeaning =
  /^(Expired|TokenRefresh|InvalidAccessKey|InvalidToken|InvalidClientToken|RequestTime|RequestExpired|NoSuch|PreconditionFailed|Conditional|OperationAborted|SlowDown|ServiceUnavailable|QuotaExceeded|XMinio|Entity|AuthorizationHeader|IllegalLocation|PermanentRedirect|BadDigest|InvalidDigest|XAmzContentSHA256Mismatch|InvalidPart)/

/**
 * Whether an answer may be about what goes beside the upload, whatever status says so: 400 and 501 in the documents of
 * S3, 403 of a filter or of a gateway that takes headers away and so breaks the signature, 500 of a server that fails.
 * @param accepted they were all accepted before; then only an answer that is about a request as such counts
 */
export function mayBeRefusal(status: number, s3Code: string | undefined, accepted: boolean): boolean {
  if (s3Code !== undefined && ownMeaning.test(s3Code)) return false
  if (status === 501 || status === 417) return true
  if (accepted) return status === 400
  return (status >= 400 && status < 500 && ![407, 408, 409, 412, 429].includes(status)) || status === 500
}

/** 401, 403 and 500 come and go by themselves as well: they are believed when they came twice. */
export function timesToBelieve(status: number): number {
  return [401, 403, 500].includes(status) ? 2 : 1
}
