import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { type Call, decodeMessage, encodeCall, type Message } from './message.ts'

/** A connection to a message bus for calls and signals. It offers no service itself. */
export type Bus = Disposable & {
  /** The values of the answer. Rejects when it is an error, when none comes in five seconds, or the bus is gone. */
  call(call: Call): Promise<unknown[]>
  /** Calls `onSignal` for every signal of this kind until the bus is gone, `sender` as a unique name such as `:1.7`. */
  listen(rule: SignalRule, onSignal: (signal: Message) => void): Promise<void>
  /** Resolves when the connection is lost or was closed. */
  readonly closed: Promise<void>
}

export type SignalRule = { sender: string; interface: string; member: string; path?: string; arg0?: string }

const answerWithinMs = 5000

const theBus = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const

export async function openBus(addresses: string, signal: AbortSignal): Promise<Bus> {
  const socket = await openFirst(addresses)
  const pending = new Map<number, PromiseWithResolvers<unknown[]>>()
  const listeners: { rule: SignalRule; onSignal: (message: Message) => void }[] = []
  const closed = Promise.withResolvers<void>()
  let serial = 0
  let rest: Buffer = Buffer.alloc(0)

  const close = () => socket.destroy()
  socket.on('error', close)
  socket.once('close', () => {
    signal.removeEventListener('abort', close)
    for (const { reject } of pending.values()) reject(new Error('the bus is gone'))
    pending.clear()
    closed.resolve()
  })
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  await authenticate(socket)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    try {
      for (let next = decodeMessage(rest); next; next = decodeMessage(rest)) {
        rest = rest.subarray(next.length)
        take(next.message)
      }
    } catch {
      // The other side does not speak D-Bus.
      close()
    }
  })

  const bus: Bus = {
    call,
    async listen(rule, onSignal) {
      listeners.push({ rule, onSignal })
      const match = Object.entries({ type: 'signal', ...rule }).map(([key, value]) => `${key}='${value}'`)
      await call({ ...theBus, member: 'AddMatch', signature: 's', body: [match.join(',')] })
    },
    closed: closed.promise,
    [Symbol.dispose]: close,
  }
  await call({ ...theBus, member: 'Hello' })
  return bus

  function take(message: Message): void {
    if (message.type === 'signal') {
      for (const { rule, onSignal } of listeners) if (isAbout(message, rule)) onSignal(message)
      return
    }
    const waiting = pending.get(message.replySerial ?? 0)
    if (message.type === 'return') waiting?.resolve(message.body)
    if (message.type === 'error') waiting?.reject(new Error(message.errorName ?? 'an error'))
  }

  async function call(question: Call): Promise<unknown[]> {
    if (socket.destroyed) throw new Error('the bus is gone')
    const mine = ++serial
    const answer = Promise.withResolvers<unknown[]>()
    pending.set(mine, answer)
    const late = setTimeout(() => answer.reject(new Error('no answer')), answerWithinMs)
    socket.write(encodeCall(mine, question))
    try {
      return await answer.promise
    } finally {
      clearTimeout(late)
      pending.delete(mine)
    }
  }
}

/** Who has a well-known name now, as a unique name; undefined when none has. */
export async function ownerOf(bus: Bus, name: string): Promise<string | undefined> {
  try {
    const [owner] = await bus.call({ ...theBus, member: 'GetNameOwner', signature: 's', body: [name] })
    return typeof owner === 'string' ? owner : undefined
  } catch {
    return undefined
  }
}

/** Calls `onOwner` with the owner of the name now, and at every change; undefined: no owner. */
export async function followName(
  bus: Bus,
  name: string,
  onOwner: (owner: string | undefined) => void,
): Promise<void> {
  const rule = {
    sender: theBus.destination,
    interface: theBus.interface,
    member: 'NameOwnerChanged',
    arg0: name,
  }
  await bus.listen(rule, ({ body: [changed, , owner] }) => {
    if (changed === name) onOwner(typeof owner === 'string' && owner !== '' ? owner : undefined)
  })
  onOwner(await ownerOf(bus, name))
}

/** A property that every object has by the standard interface. */
export async function propertyOf(
  bus: Bus,
  { destination, path, interface: of }: Omit<Call, 'member'>,
  name: string,
): Promise<unknown> {
  const properties = { destination, path, interface: 'org.freedesktop.DBus.Properties' }
  const [value] = await bus.call({ ...properties, member: 'Get', signature: 'ss', body: [of, name] })
  return value
}

function isAbout(message: Message, rule: SignalRule): boolean {
  return (
    message.interface === rule.interface &&
    message.member === rule.member &&
    (rule.path === undefined || message.path === rule.path)
  )
}

/** The buses of the person and of the computer; undefined where there is none. */
export function busAddresses(env: NodeJS.ProcessEnv): {
  session: string | undefined
  system: string | undefined
} {
  const userBus = env.XDG_RUNTIME_DIR ? `${env.XDG_RUNTIME_DIR}/bus` : undefined
  const systemBus = '/run/dbus/system_bus_socket'
  return {
    session:
      env.DBUS_SESSION_BUS_ADDRESS || (userBus && existsSync(userBus) ? `unix:path=${userBus}` : undefined),
    system: env.DBUS_SYSTEM_BUS_ADDRESS || (existsSync(systemBus) ? `unix:path=${systemBus}` : undefined),
  }
}

async function openFirst(addresses: string): Promise<Socket> {
  let problem: unknown = new Error('no address of a Unix socket')
  for (const path of socketPaths(addresses)) {
    const socket = connect(path)
    const opened = Promise.withResolvers<void>()
    socket.once('connect', opened.resolve)
    socket.once('error', opened.reject)
    try {
      await opened.promise
      return socket
    } catch (error) {
      problem = error
    }
  }
  throw problem
}

/** `unix:path=/run/user/1000/bus,guid=…;unix:abstract=/tmp/x`: paths for `connect`, those of other kinds left out. */
export function socketPaths(addresses: string): string[] {
  return addresses.split(';').flatMap(address => {
    const found = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(address.trim())
    if (!found) return []
    const [, kind, escaped = ''] = found
    const path = decodeURIComponent(escaped)
    return [kind === 'abstract' ? `\0${path}` : path]
  })
}

/** As the user that this process belongs to, which the socket proves (SASL EXTERNAL). */
async function authenticate(socket: Socket): Promise<void> {
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
  const answer = Promise.withResolvers<string>()
  const late = setTimeout(() => answer.reject(new Error('no answer')), answerWithinMs)
  socket.once('data', (chunk: Buffer) => answer.resolve(chunk.toString('latin1')))
  socket.once('close', () => answer.reject(new Error('the bus is gone')))
  socket.write(`\0AUTH EXTERNAL ${user}\r\n`)
  try {
    const line = await answer.promise
    if (!line.startsWith('OK ')) throw new Error('the bus refuses access')
    socket.write('BEGIN\r\n')
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(late)
  }
}
