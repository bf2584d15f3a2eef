import type { PeerCertificate, TLSSocket } from 'node:tls'
import { parseHttpDate } from '../../network/clock-skew.ts'
import { type Route, showPlace } from '../../network/route.ts'
import type { Certificate } from '../../network/upload-failure.ts'
import { openTls } from './open-connection.ts'

/**
 * Looks at the certificate that was not accepted, and at the clock of its server. Nothing of ours is sent on this
 * connection but the question for the time; what comes back is only ever shown, never trusted.
 */
export async function lookAtCertificate(route: Route, signal: AbortSignal): Promise<Certificate | undefined> {
  try {
    using socket = closing(await openTls(route, { rejectUnauthorized: false }, signal))
    const described = describeCertificate(socket.tls.getPeerCertificate())
    return { ...described, serverTime: await askTime(socket.tls, showPlace(route.target)) }
  } catch {
    // It has been accepted neither time; what is known without it has to do.
    return undefined
  }
}

export function describeCertificate({ issuer, valid_from, valid_to }: PeerCertificate): Certificate {
  const name = [issuer?.CN, issuer?.O, issuer?.OU].find(part => part !== undefined) ?? 'nobody'
  return {
    issuer: shown(Array.isArray(name) ? name.join(', ') : name),
    from: instantOf(valid_from),
    to: instantOf(valid_to),
  }
}

/** Such as "Nov 22 18:30:44 2026 GMT". */
function instantOf(text: string): Temporal.Instant {
  const ms = Date.parse(text)
  return Temporal.Instant.fromEpochMilliseconds(Number.isNaN(ms) ? 0 : ms)
}

/** The maker of the certificate chose the name: no control characters, no forged line of a log. */
function shown(name: string): string {
  return name.replaceAll(/[\p{C}\p{Zl}\p{Zp}“”]/gu, '').slice(0, 80)
}

const askMs = 2000

async function askTime(socket: TLSSocket, host: string): Promise<Temporal.Instant | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let head = ''
  const timer = setTimeout(() => resolve(head), askMs)
  socket
    .on('data', chunk => {
      head = (head + chunk.toString('latin1')).slice(0, 16_384)
      if (head.includes('\r\n\r\n')) resolve(head)
    })
    .on('error', () => resolve(head))
    .on('close', () => resolve(head))
  socket.write(`HEAD / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
  const answer = await promise
  clearTimeout(timer)
  return parseHttpDate(/^date: *(.*)$/im.exec(answer)?.[1])
}

function closing(tls: TLSSocket): Disposable & { tls: TLSSocket } {
  return { tls, [Symbol.dispose]: () => tls.destroy() }
}
