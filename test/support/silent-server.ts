import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Accepts every client and never says a word, as a server that hangs does: at the path of a socket and as an
 * X server.
 */
export type SilentServer = AsyncDisposable & { path: string; display: string }

/** Where the displays of X begin (X(7)). */
const firstPortOfX = 6000

export async function startSilentServer(): Promise<SilentServer> {
  const folder = await mkdtemp(join(tmpdir(), 'at-silent-'))
  const path = join(folder, 'socket')
  const connected = new Set<Socket>()
  const listen = async (on: { path: string } | { host: string; port: number }) => {
    const server = createServer(socket => connected.add(socket.on('error', () => undefined)))
    await once(server.listen(on), 'listening')
    return server
  }
  const servers = [await listen({ path }), await listen({ host: '127.0.0.1', port: 0 })]
  const address = servers[1]?.address()
  if (typeof address !== 'object' || !address) throw new Error('no port was given')
  return {
    path,
    display: `127.0.0.1:${address.port - firstPortOfX}`,
    async [Symbol.asyncDispose]() {
      for (const socket of connected) socket.destroy()
      for (const server of servers) server.close()
      await rm(folder, { recursive: true })
    },
  }
}
