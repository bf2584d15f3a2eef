/** A set of characters that an escape sequence brings into the left half (bytes below 128) or the right one. */
type CharacterSet = (bytes: Uint8Array) => string

const escapeByte = 0x1b
const controlSequence = 0x9b

/**
 * "Compound Text Encoding", version 1.1 with its UTF-8 extension, as Xlib and GTK write it. What it does not know is left
 * out, and nothing makes it throw: the text comes from any program.
 */
export function decodeCompoundText(data: Uint8Array): string {
  let left: CharacterSet = ascii
  let right: CharacterSet = rightOfLatin1
  let text = ''
  for (let at = 0; at < data.length; ) {
    const byte = data[at] ?? 0
    if (byte === controlSequence) {
      // The direction of writing: digits up to a ].
      const end = data.indexOf(0x5d, at)
      at = end < 0 ? data.length : end + 1
    } else if (byte !== escapeByte) {
      const end = endOfRun(data, at)
      text += (byte < 0x80 ? left : right)(data.subarray(at, end))
      at = end
    } else {
      const words = Buffer.from(data.subarray(at + 1, at + 5)).toString('latin1')
      if (words.startsWith('%G')) {
        const end = endOfUtf8(data, at + 3)
        text += utf8.decode(data.subarray(at + 3, end))
        at = end
      } else if (/^%\/[0-4]/.test(words)) {
        const length = 128 * ((data[at + 4] ?? 0) & 0x7f) + ((data[at + 5] ?? 0) & 0x7f)
        text += decodeExtended(data.subarray(at + 6, at + 6 + length))
        at += 6 + length
      } else {
        const { sequence, half, set } = designation(words)
        if (half === 'left') left = set
        if (half === 'right') right = set
        at += 1 + sequence.length
      }
    }
  }
  return text
}

const utf8 = new TextDecoder()

const latin1: CharacterSet = bytes => Buffer.from(bytes).toString('latin1')
/** Line ends and tabs are the only controls that it knows. */
const ascii: CharacterSet = bytes => latin1(bytes.map(byte => byte & 0x7f))
const rightOfLatin1: CharacterSet = bytes => latin1(bytes.map(byte => byte | 0x80))
/** The right half of JIS X 0201. */
const katakana: CharacterSet = bytes =>
  Array.from(bytes, byte => String.fromCharCode(0xff40 + (byte & 0x7f))).join('')

/** By the last byte of the escape sequence. Such as GB 2312 are found with the high bits set in what builds on them. */
const oneByteSets: Readonly<Record<string, string>> = {
  B: 'iso-8859-2',
  C: 'iso-8859-3',
  D: 'iso-8859-4',
  F: 'iso-8859-7',
  G: 'iso-8859-6',
  H: 'iso-8859-8',
  L: 'iso-8859-5',
  M: 'iso-8859-9',
  T: 'windows-874',
  V: 'iso-8859-10',
  Y: 'iso-8859-13',
  _: 'iso-8859-14',
  b: 'iso-8859-15',
  f: 'iso-8859-16',
}
const twoByteSets: Readonly<Record<string, string>> = { A: 'gbk', B: 'euc-jp', C: 'euc-kr' }

/** `(` and `)` bring sets of 94 characters, `-` and `$` those of 96 and of two bytes each. */
function designation(words: string): { sequence: string; half?: 'left' | 'right'; set: CharacterSet } {
  const [sequence = words.slice(0, 2), wide = '', sign = '', final = ''] =
    /^(\$?)([()-])([0-~])/.exec(words) ?? []
  const half = sign === '' ? undefined : sign === '(' ? 'left' : 'right'
  return { sequence, ...(half && { half }), set: setOf(wide === '$', sign === '-', final) }
}

function setOf(wide: boolean, of96: boolean, final: string): CharacterSet {
  if (wide) return highHalf(twoByteSets[final])
  if (of96) return final === 'A' ? rightOfLatin1 : highHalf(oneByteSets[final])
  return final === 'I' ? katakana : ascii
}

function highHalf(label: string | undefined): CharacterSet {
  if (label === undefined) return () => ''
  const decoder = new TextDecoder(label)
  return bytes => decoder.decode(bytes.map(byte => byte | 0x80))
}

/** A segment in an encoding that is named in front of it, up to a start-of-text. */
function decodeExtended(segment: Uint8Array): string {
  const end = segment.indexOf(0x02)
  if (end < 0) return ''
  try {
    return new TextDecoder(latin1(segment.subarray(0, end))).decode(segment.subarray(end + 1))
  } catch {
    return ''
  }
}

/** Up to the next escape sequence, or where bytes change from one half to the other. */
function endOfRun(data: Uint8Array, from: number): number {
  const isLeft = (data[from] ?? 0) < 0x80
  const length = data
    .subarray(from)
    .findIndex(byte => byte === escapeByte || byte === controlSequence || byte < 0x80 !== isLeft)
  return length < 0 ? data.length : from + length
}

/** UTF-8 ends with ESC % @, which is left to be read as an escape sequence of no meaning. */
function endOfUtf8(data: Uint8Array, from: number): number {
  const end = Buffer.from(data).indexOf('\x1b%@', from, 'latin1')
  return end < 0 ? data.length : end
}
