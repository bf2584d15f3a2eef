import x11, { type XDisplay, type XRecord } from 'x11'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { checkXAuthority } from '../../platform/x11/authority.ts'
import { boundReplies } from '../../platform/x11/replies.ts'
import { openWipedSocket, type WipedSocket } from './wiped-socket.ts'
import { addressesOf } from './x-display.ts'

/** The core events KeyPress, KeyRelease, ButtonPress, ButtonRelease and MotionNotify (X11 protocol, 11). */
const deviceEvents = { first: 2, last: 6 }
const eventBytes = 32
const headerBytes = 32

/** The first byte of what a server sends. */
const packet = { reply: 1, genericEvent: 35 } as const

/** The problem of a server that cannot record at all. */
export const withoutRecord = 'this X server has no RECORD extension'

/** Of a reply to EnableContext (RECORD protocol 1.13). */
const category = { fromServer: 0, startOfData: 4 } as const

export type XRecordHandlers = {
  /** One event of 32 bytes, as X11's core protocol has it, at `offset`. Read it at once: the bytes are reused. */
  onEvent(bytes: Buffer, offset: number): void
  /** The server has gone, or ended the recording. Nothing comes any more. */
  onEnd(): void
}

/**
 * Has the X server record keyboard and pointer of the whole display (RECORD extension), and asks nothing back.
 * libuiohook also asks about each key, which costs ten times as much as counting it.
 *
 * Resolves once the server records.
 * @throws AppError INPUT_NO_DISPLAY when it refuses access | INPUT_HOOK_FAILED when it cannot record
 */
export async function recordX(display: string, { onEvent, onEnd }: XRecordHandlers): Promise<void> {
  const {
    display: { client },
    connection,
  } = await connect(display)
  const record = await requireRecord(client)
  const context = client.AllocID()
  record.CreateContext(context, 0, [record.CS.AllClients], [{ deviceEvents }])
  await client.sync().catch(cause => {
    throw new AppError('INPUT_HOOK_FAILED', { detail: 'the RECORD extension was refused', cause })
  })
  // From here on the server sends one endless answer and hears nothing. The client would keep every piece of it.
  const recording = Promise.withResolvers<void>()
  connection.take(
    replyReader(
      (kind, bytes, from, to) => {
        if (kind === category.startOfData) recording.resolve()
        if (kind !== category.fromServer) return
        for (let offset = from; offset + eventBytes <= to; offset += eventBytes) onEvent(bytes, offset)
      },
      () => connection.socket.destroy(),
    ),
  )
  connection.socket.once('close', () => {
    recording.reject(new AppError('INPUT_NO_DISPLAY', { detail: `DISPLAY ${display} closed the connection` }))
    onEnd()
  })
  record.EnableContext(
    context,
    () => undefined,
    () => undefined,
  )
  await recording.promise
}

async function connect(display: string): Promise<{ display: XDisplay; connection: WipedSocket }> {
  const refused = (cause: unknown) =>
    new AppError('INPUT_NO_DISPLAY', { detail: `DISPLAY ${display} refuses access`, cause })
  try {
    checkXAuthority()
  } catch (cause) {
    throw refused(cause)
  }
  const connection = await openWipedSocket(addressesOf(display)).catch(cause => {
    throw refused(cause)
  })
  return new Promise((resolve, reject) => {
    const client = x11.createClient(
      { display, shm: false, stream: connection.socket, auth: undefined },
      (error, connected) => {
        if (error) return reject(refused(error))
        // Until the recording begins the library reads. It would wait for as much as a server announces.
        boundReplies(client, cause => reject(refused(cause)))
        resolve({ display: connected, connection })
      },
    )
    // Later ones mean that the connection is lost, and 'close' follows.
    client.on('error', cause => reject(refused(cause)))
  })
}

function requireRecord(client: XDisplay['client']): Promise<XRecord> {
  return new Promise((resolve, reject) =>
    client.require('record', (cause, record) =>
      cause ? reject(new AppError('INPUT_HOOK_FAILED', { detail: withoutRecord, cause })) : resolve(record),
    ),
  )
}

/**
 * Cuts the stream into packets: 32 bytes that give the length of the rest, and the rest. Messages between replies, such
 * as a new keyboard layout, are skipped.
 *
 * `onReply` gets a range of `bytes`: a view per event would cost more than all other work. A kept incomplete packet is
 * overwritten like the rest.
 */
function replyReader(
  onReply: (kind: number, bytes: Buffer, from: number, to: number) => void,
  onExcess: () => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    while (start + headerBytes <= bytes.length) {
      const kind = bytes.readUInt8(start) & 0x7f
      const longer = kind === packet.reply || kind === packet.genericEvent
      const more = longer ? 4 * bytes.readUInt32LE(start + 4) : 0
      if (more > budgets.xReply.most) return onExcess()
      const end = start + headerBytes + more
      if (bytes.length < end) break
      if (kind === packet.reply) onReply(bytes.readUInt8(start + 1), bytes, start + headerBytes, end)
      start = end
    }
    const next = Buffer.from(bytes.subarray(start))
    rest.fill(0)
    if (bytes !== chunk) bytes.fill(0)
    rest = next
  }
}
