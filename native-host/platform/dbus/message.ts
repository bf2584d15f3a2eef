import * as v from 'valibot'
import { budgets } from '../../kernel/budgets.ts'
import { type BasicValue, readValues, writeValues } from './values.ts'

/** One message of D-Bus ("Message Format" of its specification). */
export type Message = {
  type: 'call' | 'return' | 'error' | 'signal'
  serial: number
  path: string | undefined
  interface: string | undefined
  member: string | undefined
  errorName: string | undefined
  /** Of the call that it answers. */
  replySerial: number | undefined
  sender: string | undefined
  body: unknown[]
}

const types = ['call', 'return', 'error', 'signal'] as const
/** A service that is not running counts as absent: a question starts nothing. */
const noAutoStart = 2
/** The specification allows 128 MiB. What is listened for here has some hundred bytes. */
const longestMessage = budgets.dbusMessage.most

export type Call = {
  destination: string
  path: string
  interface: string
  member: string
  signature?: string
  body?: readonly BasicValue[]
}

export function encodeCall(serial: number, call: Call): Buffer {
  const { signature = '', body = [] } = call
  const content = writeValues(signature, body)
  const fields: [code: number, type: string, value: string][] = [
    [1, 'o', call.path],
    [2, 's', call.interface],
    [3, 's', call.member],
    [6, 's', call.destination],
    ...(signature === '' ? [] : [[8, 'g', signature] satisfies [number, string, string]]),
  ]
  // Each is a structure of a byte and a variant, and so begins at a multiple of eight; the array's own bytes do too.
  const header = fields.reduce<Buffer>((before, [code, type, value]) => {
    const start = [Buffer.alloc(padding(before.length, 8)), Buffer.from([code, 1, type.charCodeAt(0), 0])]
    return writeValues(type, [value], Buffer.concat([before, ...start]))
  }, Buffer.alloc(0))
  const start = writeValues(
    'uuu',
    [content.length, serial, header.length],
    Buffer.from([0x6c, 1, noAutoStart, 1]),
  )
  return Buffer.concat([start, header, Buffer.alloc(padding(header.length, 8)), content])
}

const headerSchema = v.tuple([
  v.literal(0x6c),
  v.pipe(v.number(), v.minValue(1), v.maxValue(4)),
  v.number(),
  v.literal(1),
  v.number(),
  v.number(),
  v.array(v.tuple([v.number(), v.union([v.string(), v.number()])])),
])

/**
 * The first message in the bytes, and how many bytes it has; undefined while not all of it is there.
 * @throws when it is none, and then nothing after it can be read either
 */
export function decodeMessage(bytes: Buffer): { message: Message; length: number } | undefined {
  if (bytes.length < 16) return undefined
  const headerLength = 16 + bytes.readUInt32LE(12)
  const bodyStart = headerLength + padding(headerLength, 8)
  const length = bodyStart + bytes.readUInt32LE(4)
  if (length > longestMessage) throw new RangeError('a long message')
  if (bytes.length < length) return undefined
  // Alignment counts from the beginning of the message, so that what is read is its own buffer.
  const whole = Buffer.from(bytes.subarray(0, length))
  const [, type, , , , serial, list] = v.parse(headerSchema, readValues('yyyyuua(yv)', whole).values)
  const given = new Map(list)
  const signature = String(given.get(8) ?? '')
  return {
    length,
    message: {
      type: types[type - 1] ?? 'signal',
      serial,
      path: text(1),
      interface: text(2),
      member: text(3),
      errorName: text(4),
      replySerial: number(5),
      sender: text(7),
      body: readValues(signature, whole, bodyStart).values,
    },
  }

  function text(code: number): string | undefined {
    const value = given.get(code)
    return typeof value === 'string' ? value : undefined
  }

  function number(code: number): number | undefined {
    const value = given.get(code)
    return typeof value === 'number' ? value : undefined
  }
}

function padding(length: number, to: number): number {
  return (to - (length % to)) % to
}
