import { filesBelow } from './tracker-home.ts'

/**
 * A word that is typed or given where it must not be kept. It is looked for the way text usually leaks: as it is,
 * without regard to case, as UTF-16, in hexadecimal, in base64 at each of the three alignments, and with something
 * between its letters.
 */
export type Canary = { word: string; findIn(bytes: Buffer): boolean }

export function createCanary(word: string): Canary {
  const plain = word.toLowerCase()
  const needles = [
    Buffer.from(plain),
    Buffer.from(plain, 'utf16le'),
    Buffer.from(Buffer.from(word).toString('hex')),
    ...[',', ' ', '","', '\n'].map(between => Buffer.from([...plain].join(between))),
  ]
  const inBase64 = [0, 1, 2].map(shift => base64Core(word, shift))
  return {
    word,
    findIn(bytes) {
      // latin1 maps bytes to characters one to one, so lower-casing changes letters and nothing else.
      const lowered = Buffer.from(bytes.toString('latin1').replace(/[A-Z]/g, asciiLower), 'latin1')
      return needles.some(needle => lowered.includes(needle)) || inBase64.some(text => bytes.includes(text))
    },
  }
}

/** Paths below `folder` in whose bytes one of the canaries is found. */
export async function pathsWithCanary(folder: string, canaries: readonly Canary[]): Promise<string[]> {
  const files = await filesBelow(folder)
  return [...files].filter(([, bytes]) => canaries.some(canary => canary.findIn(bytes))).map(([path]) => path)
}

/** The characters of the base64 text that do not depend on what stands around the word. */
function base64Core(word: string, shift: number): string {
  const text = Buffer.from('\0'.repeat(shift) + word).toString('base64')
  return text.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -1)
}

function asciiLower(letter: string): string {
  return letter.toLowerCase()
}
