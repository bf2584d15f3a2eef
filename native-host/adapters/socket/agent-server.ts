import { rmSync } from 'node:fs'
import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, type Problem, toProblem } from '../../../protocol/errors.ts'
import { encodeFrame, maxBytesIn, maxBytesOut } from '../../../protocol/framing.ts'
import { parseClientMessage } from '../../../protocol/messages.ts'
import { createMessageRate } from '../../clients/message-rate.ts'
import type { ClientChannel } from '../../clients/ports.ts'
import { budgets } from '../../kernel/budgets.ts'
import { atShortPath } from '../../platform/files/short-path.ts'
import { readFrames } from './frames.ts'
import { challengeClient } from './handshake.ts'
import type { Token } from './token.ts'

/** The last words get this long on their way. A client that does not read them holds nothing up. */
const farewellMs = 1000

type Listening = {
  socket: string
  token: Token
  onClient(client: ClientChannel): void
  /** A connection that never became a client, and why. */
  onRefused(problem: Problem): void
}

/**
 * Listens on the user's local socket; never on a network port. Only the holder of the agent's lock may call this:
 * it removes a socket that a killed agent left behind. A client is one that has proved to know the token.
 * @throws AppError STORE_NOT_WRITABLE
 */
export async function listenForClients(
  { socket: path, token, onClient, onRefused }: Listening,
  signal: AbortSignal,
): Promise<void> {
  if (process.platform !== 'win32') await prepareSocketFolder(path)
  const clients = new Set<Socket>()
  /** In the order in which they came. */
  const strangers = new Set<Socket>()
  const server = createServer(socket => {
    // The reader notices the end; without this line an error would end the agent.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clients.delete(socket)
      strangers.delete(socket)
    })
    strangers.add(socket)
    // The one that has dallied longest goes: those who only hold places must not keep out who means it.
    const [oldest] = strangers
    if (oldest && strangers.size > budgets.strangers.most) {
      strangers.delete(oldest)
      oldest.destroy()
    }
    void admit(socket)
  })
  await listen(server, path)
  // The folder's mode keeps other users out; that of the socket does too, where a socket's mode counts.
  if (process.platform !== 'win32') await chmod(path, 0o600)
  // Such as too many open files: clients that wait to connect wait longer, all other clients go on.
  server.on('error', () => undefined)
  const end = () => {
    server.close()
    // Node does it itself where it knows the whole path.
    if (process.platform !== 'win32') rmSync(path, { force: true })
    for (const socket of [...clients, ...strangers]) leave(socket)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })

  async function admit(socket: Socket): Promise<void> {
    const frames = readFrames(socket, maxBytesIn)
    const late = setTimeout(() => socket.destroy(), budgets.handshakeTime.most).unref()
    try {
      if (!(await challengeClient(frames, step => void send(socket, step), token))) return
      if (clients.size >= budgets.clients.most) throw new AppError('AGENT_CROWDED')
      strangers.delete(socket)
      clients.add(socket)
      onClient(channelOf(socket, frames))
    } catch (error) {
      const problem = toProblem(error)
      send(socket, { type: 'refused', problem })
      leave(socket)
      onRefused(problem)
    } finally {
      clearTimeout(late)
    }
  }
}

function leave(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), farewellMs).unref()
  // Thousands that come and are refused in one second would otherwise all stay in memory for another.
  socket.once('close', () => clearTimeout(timer))
  socket.destroySoon()
}

function send(socket: Socket, message: unknown): void {
  if (socket.destroyed || !socket.writable) return
  const frame = encodeFrame(message, maxBytesOut)
  // Such a client does not read any more.
  if (socket.writableLength + frame.length > budgets.unreadBytes.most) socket.destroy()
  else socket.write(frame)
}

function channelOf(socket: Socket, frames: AsyncIterable<unknown>): ClientChannel {
  return {
    send: message => send(socket, message),
    close: () => leave(socket),
    messages: (async function* () {
      const rate = createMessageRate(performance.now())
      for await (const message of frames) {
        // While one waits its turn nothing more is read, so a flood piles up at its sender.
        const waitMs = rate(performance.now())
        if (waitMs > 0) await sleep(waitMs)
        yield parseClientMessage(message)
      }
    })(),
  }
}

/** The folder's mode is what keeps other users out: on some systems the mode of a socket itself means nothing. */
async function prepareSocketFolder(socketPath: string): Promise<void> {
  const folder = dirname(socketPath)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const entry = await lstat(folder)
    if (!entry.isDirectory() || entry.uid !== process.getuid?.())
      throw new AppError('STORE_NOT_WRITABLE', { detail: `${folder} belongs to another user` })
    await chmod(folder, 0o700)
    await rm(socketPath, { force: true })
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('STORE_NOT_WRITABLE', { detail: folder, cause })
  }
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(new AppError('STORE_NOT_WRITABLE', { detail: socketPath, cause })))
    atShortPath(socketPath, path => server.listen(path, resolve))
  })
}
