import { decodeCompoundText } from './compound-text.ts'

/** What the type of a property says of its text (ICCCM 2.7.1). */
export type XTextType = 'UTF8_STRING' | 'STRING' | 'COMPOUND_TEXT' | 'other'

/** What is not as its type says is read as well as it can be. */
export function decodeXText(data: Uint8Array, type: XTextType): string {
  switch (type) {
    case 'UTF8_STRING':
      return utf8.decode(data)
    case 'STRING':
      return latin1(data)
    case 'COMPOUND_TEXT':
      return decodeCompoundText(data)
    case 'other':
      // C_STRING and TEXT are what the program means by them, which is UTF-8 today.
      return asUtf8(data) ?? latin1(data)
    default:
      throw type satisfies never
  }
}

/** Every way to read it that makes sense, what its type says first: many programs write UTF-8 and call it STRING. */
export function readingsOfXText(data: Uint8Array, type: XTextType): string[] {
  const readings = [decodeXText(data, type), asUtf8(data) ?? '']
  return [...new Set(readings.filter(text => text !== ''))]
}

const utf8 = new TextDecoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

function asUtf8(data: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(data)
  } catch {
    return undefined
  }
}

/** Not the latin1 of TextDecoder, which is windows-1252. */
function latin1(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1')
}
