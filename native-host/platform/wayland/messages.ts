import { isAbsolute, join } from 'node:path'
import { budgets } from '../../kernel/budgets.ts'

/** A message of the Wayland protocol: an object, what it says, and what comes with it (wayland.freedesktop.org, "Wire Format"). */
export type WaylandMessage = { object: number; code: number; content: Buffer }

/** Numbers and texts, in the byte order of this computer, as both sides are on it. */
export function encodeWayland(object: number, code: number, ...values: (number | string)[]): Buffer {
  const content = Buffer.concat(values.map(value => (typeof value === 'number' ? word(value) : text(value))))
  return Buffer.concat([word(object), word(((8 + content.length) << 16) | code), content])
}

/** The messages that are complete, and the bytes that are left. @throws RangeError when it is not Wayland */
export function decodeWayland(bytes: Buffer): { messages: WaylandMessage[]; rest: Buffer } {
  const messages: WaylandMessage[] = []
  let at = 0
  while (bytes.length - at >= 8) {
    const second = bytes.readUInt32LE(at + 4)
    const length = second >>> 16
    if (length < 8 || length > budgets.waylandMessage.most) throw new RangeError('no message of Wayland')
    if (bytes.length - at < length) break
    messages.push({
      object: bytes.readUInt32LE(at),
      code: second & 0xffff,
      content: bytes.subarray(at + 8, at + length),
    })
    at += length
  }
  return { messages, rest: bytes.subarray(at) }
}

/** @throws RangeError when a compositor offers more than is kept */
export function boundGlobals(count: number): void {
  if (count > budgets.waylandGlobals.most) throw new RangeError('the compositor offers too much')
}

/** A text that begins at `offset`: its length with the zero at its end, and it. */
export function readText(content: Buffer, offset: number): string {
  const length = content.readUInt32LE(offset)
  return content.toString('utf8', offset + 4, offset + 4 + Math.max(0, length - 1))
}

/** What a compositor offers: its number, its name and the version of it. */
export function readGlobal(content: Buffer): { number: number; name: string; version: number } {
  const padded = (content.readUInt32LE(4) + 3) & ~3
  return {
    number: content.readUInt32LE(0),
    name: readText(content, 4),
    version: content.readUInt32LE(8 + padded),
  }
}

/** Where the compositor of this session listens; undefined when it is none of Wayland. */
export function waylandSocket(env: NodeJS.ProcessEnv): string | undefined {
  const { WAYLAND_DISPLAY: display, XDG_RUNTIME_DIR: folder } = env
  if (!display) return undefined
  if (isAbsolute(display)) return display
  return folder ? join(folder, display) : undefined
}

function word(value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32LE(value >>> 0)
  return four
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`)
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)])
}
