import { budgets } from '../../kernel/budgets.ts'

/**
 * The values of D-Bus messages, as far as reading what desktops and systemd say takes
 * (dbus.freedesktop.org/doc/dbus-specification.html, "Marshaling"). Structures, arrays and dictionary entries become
 * arrays, 64-bit numbers bigints, and a variant is what is in it. Only basic values are ever written.
 */
export type BasicValue = string | number | bigint | boolean

/** What comes from others is read within bounds: deeper or longer is no message for us. */
const deepest = budgets.dbusDepth.most
const longestArray = budgets.dbusArray.most

const alignments: Record<string, number> = {
  ...{ y: 1, g: 1, v: 1, n: 2, q: 2, s: 4, o: 4, a: 4, b: 4, i: 4, u: 4, h: 4 },
  ...{ x: 8, t: 8, d: 8, '(': 8, '{': 8 },
}

/** `start` is where the alignment counts from: that of the message. @throws RangeError when the bytes are no values */
export function readValues(signature: string, bytes: Buffer, from = 0): { values: unknown[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = from
  const values = typesOf(signature).map(type => read(type, 0))
  return { values, end: at }

  function read(type: string, depth: number): unknown {
    if (depth > deepest) throw new RangeError('values within values')
    align(type)
    switch (type[0]) {
      case 'y':
        return view.getUint8(step(1))
      case 'b':
        return view.getUint32(step(4), true) !== 0
      case 'n':
        return view.getInt16(step(2), true)
      case 'q':
        return view.getUint16(step(2), true)
      case 'i':
        return view.getInt32(step(4), true)
      case 'u':
      case 'h':
        return view.getUint32(step(4), true)
      case 'x':
        return view.getBigInt64(step(8), true)
      case 't':
        return view.getBigUint64(step(8), true)
      case 'd':
        return view.getFloat64(step(8), true)
      case 's':
      case 'o':
        return text(view.getUint32(step(4), true))
      case 'g':
        return text(view.getUint8(step(1)))
      case 'v':
        return read(only(text(view.getUint8(step(1)))), depth + 1)
      case 'a':
        return array(type.slice(1), depth + 1)
      case '(':
      case '{':
        return typesOf(type.slice(1, -1)).map(member => read(member, depth + 1))
      default:
        throw new RangeError(`no type ${type}`)
    }
  }

  function array(type: string, depth: number): unknown[] {
    const length = view.getUint32(step(4), true)
    align(type)
    const end = at + length
    if (length > longestArray || end > bytes.length) throw new RangeError('a long array')
    const items: unknown[] = []
    while (at < end) {
      const from = at
      items.push(read(type, depth))
      // Such as of empty structures, of which any array holds as many as there is memory.
      if (at === from) throw new RangeError('a value without bytes')
    }
    if (at !== end) throw new RangeError('an array that does not end where it says')
    return items
  }

  function text(length: number): string {
    const begin = step(length + 1)
    if (begin + length >= bytes.length) throw new RangeError('a long text')
    return bytes.toString('utf8', begin, begin + length)
  }

  function align(type: string): void {
    const to = alignments[type[0] ?? ''] ?? 1
    at = Math.ceil(at / to) * to
  }

  function step(size: number): number {
    const begin = at
    at += size
    return begin
  }
}

/** Appends to `bytes`, whose length is what alignment counts from. */
export function writeValues(
  signature: string,
  values: readonly BasicValue[],
  bytes: Buffer = Buffer.alloc(0),
): Buffer {
  return typesOf(signature).reduce((before, type, index) => {
    const size = alignments[type] ?? 1
    const padding = Buffer.alloc((size - (before.length % size)) % size)
    return Buffer.concat([before, padding, basic(type, values[index])])
  }, bytes)
}

function basic(type: string, value: BasicValue | undefined): Buffer {
  switch (type) {
    case 's':
    case 'o': {
      const text = Buffer.from(`${value}\0`)
      return Buffer.concat([word(text.length - 1), text])
    }
    case 'g': {
      const text = Buffer.from(`${value}\0`)
      return Buffer.concat([Buffer.from([text.length - 1]), text])
    }
    case 'u':
    case 'b':
      return word(Number(value))
    case 't': {
      const eight = Buffer.alloc(8)
      eight.writeBigUInt64LE(BigInt(value ?? 0))
      return eight
    }
    default:
      throw new RangeError(`the tracker writes no ${type}`)
  }
}

function word(value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32LE(value)
  return four
}

/** The single complete types of a signature: `sa{sv}` is `s` and `a{sv}`. */
export function typesOf(signature: string): string[] {
  const types: string[] = []
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at)
    types.push(signature.slice(at, end))
    at = end
  }
  return types
}

function endOfType(signature: string, from: number): number {
  const first = signature[from] ?? ''
  if (!(first in alignments)) throw new RangeError(`no signature: ${signature.slice(0, 40)}`)
  if (first === 'a') return endOfType(signature, from + 1)
  const closing = first === '(' ? ')' : first === '{' ? '}' : undefined
  if (closing === undefined) return from + 1
  let at = from + 1
  while (signature[at] !== closing) at = endOfType(signature, at)
  return at + 1
}

function only(signature: string): string {
  const [type, ...more] = typesOf(signature)
  if (type === undefined || more.length > 0) throw new RangeError('a variant of more than one value')
  return type
}
