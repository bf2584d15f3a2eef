import { isIP, type Socket } from 'node:net'
import { getCACertificates } from 'node:tls'
import { AppError } from '../../../protocol/errors.ts'
import type { BucketRoute, NetworkProbe } from '../../network/ports.ts'
import { type ProxyPlace, showPlace } from '../../network/route.ts'
import { explainFailure } from '../../platform/network/explain-failure.ts'
import {
  addressToTheWorld,
  interfaceOf,
  isLoopback,
  sourceAddressTo,
} from '../../platform/network/has-network.ts'
import { lookUp } from '../../platform/network/look-up.ts'
import { seenInError } from '../../platform/network/network-error.ts'
import { openProxy, openTcp, openTls, openTunnel, stepMs } from '../../platform/network/open-connection.ts'
import { describeCertificate } from '../../platform/network/peer-certificate.ts'
import { askServer, askThroughProxy } from './ask-server.ts'

/** Probes the real network. network/upload-failure.ts explains each step, as it does for the uploader. */
export const networkProbe: NetworkProbe = {
  findLink: way => explained(way, () => findLink(hostToReach(way))),

  lookUpName: (way, signal) =>
    explained(way, async () => {
      const found = await lookUp(hostToReach(way), signal)
      return found.map(({ address }) => address).join(', ')
    }),

  reachProxy: (way, signal) =>
    explained(way, async () => {
      const proxy = proxyOf(way)
      if (way.route.target.encrypted) close(await openTunnel(proxy, way.route.target, signal))
      else await reachForwarding(way, proxy, signal)
      return showPlace(proxy)
    }),

  connect: (way, signal) =>
    explained(way, async () => {
      const socket = await openTcp(way.route.target, signal)
      const { remoteAddress = '', remotePort = 0 } = socket
      close(socket)
      return showPlace({ host: remoteAddress, port: remotePort, encrypted: false })
    }),

  encrypt: (way, signal) =>
    explained(way, async () => {
      const socket = await openTls(way.route, trusted(way), signal)
      const { issuer, to } = describeCertificate(socket.getPeerCertificate())
      const version = socket.getProtocol()
      close(socket)
      return `${version}, certificate from “${issuer}” until ${to.toString().slice(0, 10)}`
    }),

  askServer: (way, signal) => explained(way, () => askServer(way, trusted(way), signal)),
}

/** A proxy that takes requests for http pages is asked for one; only what it says itself is looked at here. */
async function reachForwarding(way: BucketRoute, proxy: ProxyPlace, signal: AbortSignal): Promise<void> {
  close(await openProxy(proxy, signal))
  const answer = await askThroughProxy(way, proxy, signal)
  const problem = await explainFailure({ kind: 'answer', answer }, way.route, undefined)
  if (problem.code.startsWith('PROXY_')) throw asError(problem)
}

function trusted({ authorities }: BucketRoute) {
  // Explicit, so that not even NODE_TLS_REJECT_UNAUTHORIZED=0 switches the checking off.
  const check = { rejectUnauthorized: true }
  return authorities === undefined
    ? check
    : { ...check, ca: [...getCACertificates('default'), ...authorities] }
}

/** Whom this computer itself has to reach: the proxy does the rest. */
function hostToReach({ route }: BucketRoute): string {
  return (route.proxy ?? route.target).host
}

function proxyOf({ route }: BucketRoute): ProxyPlace {
  if (route.proxy === undefined) throw new Error('there is no proxy on this way')
  return route.proxy
}

/**
 * A computer may have addresses and no way out: containers and virtual machines bring their own. So what counts is the
 * route that would be taken, to the host itself where its address is known.
 */
async function findLink(host: string): Promise<string> {
  const source = isIP(host) === 0 ? await addressToTheWorld() : await sourceAddressTo(host)
  if (source !== undefined) return describeLink(source)
  // In a network without a way to the rest of the world a name may still be known.
  const near = await lookUp(host, AbortSignal.timeout(stepMs)).catch(() => [])
  for (const { address } of near) {
    const source = await sourceAddressTo(address)
    if (source !== undefined) return describeLink(source)
  }
  throw new AppError('NETWORK_NONE')
}

function describeLink(source: string): string {
  if (isLoopback(source)) return 'this computer'
  const name = interfaceOf(source)
  return name === undefined ? source : `${name}, ${source}`
}

async function explained(way: BucketRoute, look: () => Promise<string>): Promise<string> {
  try {
    return await look()
  } catch (error) {
    const seen = error instanceof AppError ? undefined : seenInError(error)
    if (seen === undefined) throw error
    throw asError(await explainFailure(seen, way.route, undefined), error)
  }
}

function asError({ code, detail }: Awaited<ReturnType<typeof explainFailure>>, cause?: unknown): AppError {
  return new AppError(code, { ...(detail !== undefined && { detail }), cause })
}

/** A look leaves nothing open, and what a server says to that is no one's business any more. */
function close(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.destroy()
}
