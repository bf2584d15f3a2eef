import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { timedOut } from './network-error.ts'
import { stepMs } from './open-connection.ts'

/**
 * Looks up a name as every connection does it: with the system's own files and servers. The system cannot be made to
 * stop, so it is only left alone with it.
 * @throws a network error of `getaddrinfo`
 */
export async function lookUp(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(timedOut('getaddrinfo')), stepMs)
  const abort = () => late.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([lookup(host, { all: true }), late.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
