import { connect, type NetConnectOpts, type Socket } from 'node:net'

/**
 * A connection whose bytes always arrive in the same memory and are overwritten there as soon as they were looked at.
 * With an ordinary one each piece gets memory of its own, which stays readable until V8 clears it away, and after that.
 */
export type WipedSocket = {
  /** For a library that listens to `data`: until `take` is called it gets copies. */
  socket: Socket
  /** From now on `onBytes` gets what comes, and has to be done with it when it returns. */
  take(onBytes: (bytes: Buffer) => void): void
}

/** @throws Error why no server answers at the last of `addresses` */
export async function openWipedSocket(addresses: readonly NetConnectOpts[]): Promise<WipedSocket> {
  let reason: unknown = new Error('no address')
  for (const address of addresses)
    try {
      return await open(address)
    } catch (cause) {
      reason = cause
    }
  throw reason
}

/** More than a server sends at once. */
const memoryBytes = 64 * 1024

async function open(address: NetConnectOpts): Promise<WipedSocket> {
  const memory = Buffer.alloc(memoryBytes)
  let onBytes = (bytes: Buffer): void => {
    socket.emit('data', Buffer.from(bytes))
  }
  const onread = {
    buffer: memory,
    callback(length: number) {
      onBytes(memory.subarray(0, length))
      memory.fill(0, 0, length)
      return true
    },
  }
  const socket = connect({ ...address, onread })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once('connect', resolve)
  socket.once('error', reject)
  await promise
  socket.off('error', reject)
  return {
    socket,
    take(next) {
      socket.removeAllListeners('data')
      onBytes = next
    },
  }
}
