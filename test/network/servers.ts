import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { KeyPair } from './certificates.ts'

/** Servers of all kinds, good and bad, each at an address and a port of the lab. */
export type Listen = (server: Server, address: string, port: number) => Promise<void>

/** Everything that listens, to be closed at once. */
export function createServers(): AsyncDisposable & { listen: Listen } {
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  return {
    async listen(server, address, port) {
      servers.push(server)
      server.on('connection', (socket: Socket) => {
        sockets.add(socket.on('error', () => undefined))
        socket.once('close', () => sockets.delete(socket))
      })
      await once(server.listen(port, address), 'listening')
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map(server => once(server.close(), 'close')))
    },
  }
}

/** Passes bytes on, both ways. */
export const relayTo = (port: number): Server => createTcpServer(socket => join(socket, port))

/** Speaks TLS outside and passes the inside on. */
export const tlsRelayTo = (port: number, pair: KeyPair): Server =>
  createTlsServer({ ...pair, ALPNProtocols: ['http/1.1'] }, socket =>
    join(
      socket.on('error', () => undefined),
      port,
    ),
  )

function join(socket: Socket, port: number): void {
  const inner = connect(port, '127.0.0.1')
  inner.on('error', () => socket.destroy())
  socket.on('close', () => inner.destroy()).pipe(inner)
  inner.on('close', () => socket.destroy()).pipe(socket)
}

type Page = { status: number; headers?: Record<string, string> }

/** Answers the same page to everything, as what stands in the way of S3 does. */
export function pageServer({ status, headers = {} }: Page, pair?: KeyPair): Server {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(status, { 'content-type': 'text/html', ...headers })
      response.end('<!DOCTYPE html><html><body><p>A page.<br></body></html>')
    })
  }
  return pair === undefined ? createHttpServer(answer) : createHttpsServer(pair, answer)
}

/** Takes what is sent and never says a word. */
export const silentServer = (): Server => createTcpServer(socket => socket.resume())

/** Waits for the first bytes and resets. */
export const cuttingServer = (): Server =>
  createTcpServer(socket => socket.once('data', () => socket.resetAndDestroy()))

export const sshServer = (): Server => createTcpServer(socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))

/**
 * Answers as AWS does where radosgw does not: it reads the region in the signature, and to signed requests of the right
 * region it says what it is made to say.
 */
export function awsServer(home: string, says: { status: number; code: string } | 'redirect'): Server {
  return createHttpServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const scope = /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(request.headers.authorization ?? '')
      if (scope === null) return refuse(403, 'AccessDenied')
      if (says === 'redirect') return refuse(301, 'PermanentRedirect')
      if (scope[1] !== home) return refuse(400, 'AuthorizationHeaderMalformed', `<Region>${home}</Region>`)
      refuse(says.status, says.code)
    })

    function refuse(status: number, code: string, more = ''): void {
      const region = status === 301 ? { 'x-amz-bucket-region': home } : {}
      const headers = {
        'content-type': 'application/xml',
        server: 'AmazonS3',
        'x-amz-request-id': 'TX1',
        ...region,
      }
      const error = `<Error><Code>${code}</Code><Message>No.</Message>${more}</Error>`
      response.writeHead(status, headers).end(`<?xml version="1.0" encoding="UTF-8"?>\n${error}`)
    }
  })
}
