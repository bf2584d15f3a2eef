import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { encodeFrame, maxBytesIn, maxBytesOut } from '../../../protocol/framing.ts'
import { parseClientMessage } from '../../../protocol/messages.ts'
import type { ClientChannel } from '../../ports.ts'
import { readFrames } from './frames.ts'

/** Browsers, profiles and terminals of one person. More than this is a mistake or an attack. */
const maxClients = 64
/** A client that lets this much pile up does not read any more. */
const maxUnreadBytes = 4 * 1024 * 1024
/** The last words get this long on their way. A client that does not read them holds nothing up. */
const farewellMs = 1000

/**
 * Listens on the user's local socket; never on a network port. Only the holder of the agent's lock may call this:
 * it removes a socket that a killed agent left behind.
 * @throws AppError STORE_NOT_WRITABLE
 */
export async function listenForClients(
  socketPath: string,
  onClient: (client: ClientChannel) => void,
  signal: AbortSignal,
): Promise<void> {
  if (process.platform !== 'win32') await prepareSocketFolder(socketPath)
  const clients = new Set<Socket>()
  const server = createServer(socket => {
    if (clients.size >= maxClients) return void socket.destroy()
    clients.add(socket)
    socket.on('close', () => clients.delete(socket))
    // The reader notices the end; without this line an error would end the agent.
    socket.on('error', () => undefined)
    onClient(channelOf(socket))
  })
  await listen(server, socketPath)
  // Such as too many open files: those who wait to connect wait longer, everybody else goes on.
  server.on('error', () => undefined)
  const end = () => {
    server.close()
    for (const socket of clients) leave(socket)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

function leave(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), farewellMs).unref()
  // Thousands that come and are refused in one second would otherwise all stay in memory for another.
  socket.once('close', () => clearTimeout(timer))
  socket.destroySoon()
}

function channelOf(socket: Socket): ClientChannel {
  return {
    send(message) {
      if (socket.destroyed || !socket.writable) return
      if (socket.writableLength > maxUnreadBytes) socket.destroy()
      else socket.write(encodeFrame(message, maxBytesOut))
    },
    close: () => leave(socket),
    messages: (async function* () {
      for await (const message of readFrames(socket, maxBytesIn)) yield parseClientMessage(message)
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
      throw new AppError('STORE_NOT_WRITABLE', { detail: `${folder} belongs to somebody else` })
    await chmod(folder, 0o700)
    await rm(socketPath, { force: true })
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('STORE_NOT_WRITABLE', { detail: folder, cause })
  }
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(new AppError('STORE_NOT_WRITABLE', { detail: socketPath, cause })))
    server.listen(socketPath, resolve)
  })
}
