import * as v from 'valibot'
import type { ObservedFailure } from '../../network/upload-failure.ts'

/**
 * The form in which Node tells of a failed connection, and in which we tell of one that took too long, so that both
 * are read in one place.
 */
const schema = v.object({
  name: v.optional(v.string(), ''),
  code: v.string(),
  syscall: v.optional(v.string()),
  statusCode: v.optional(v.number()),
})

/** What has taken too long, in the words of `syscall`. */
const waits = {
  getaddrinfo: 'name',
  connect: 'connection',
  CONNECT: 'tunnel',
  read: 'answer',
} as const satisfies Record<string, Extract<ObservedFailure, { kind: 'timeout' }>['waitingFor']>

export function timedOut(syscall: keyof typeof waits): Error {
  return Object.assign(new Error(`${syscall} ETIMEDOUT`), { code: 'ETIMEDOUT', syscall })
}

/** undefined for what is no network error. */
export function seenInError(error: unknown): ObservedFailure | undefined {
  if (error instanceof AggregateError) return mostTelling(error.errors)
  const parsed = v.safeParse(schema, error)
  if (!parsed.success) return undefined
  const { code, syscall, statusCode } = parsed.output
  if (code === 'ERR_PROXY_TUNNEL' && statusCode !== undefined) return { kind: 'tunnel', status: statusCode }
  if (code !== 'ETIMEDOUT') return { kind: 'code', code }
  const waitingFor = Object.entries(waits).find(([name]) => name === syscall)?.[1] ?? 'answer'
  return { kind: 'timeout', waitingFor }
}

/** A host with two addresses fails twice. That there is no way to the one says less than what the other answered. */
function mostTelling(errors: readonly unknown[]): ObservedFailure | undefined {
  const seen = errors.map(seenInError).filter(each => each !== undefined)
  return seen.find(each => each.kind !== 'code' || each.code !== 'ENETUNREACH') ?? seen[0]
}
