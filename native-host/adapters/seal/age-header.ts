import { parseHeadArguments, type SignedHead } from '../../core/chain-head.ts'

/** Of https://age-encryption.org/v1. A header of ours has some hundred bytes for each recipient. */
const firstLine = 'age-encryption.org/v1'
const longestHeader = 64 * 1024

/**
 * The signed head in the header of an age file; undefined when there is none. It can be read without any key, and is
 * not checked here. Given the beginning of a file, it needs the whole header.
 */
export function readSignedHead(sealed: Uint8Array): SignedHead | undefined {
  const lines = Buffer.from(sealed.subarray(0, longestHeader)).toString('latin1').split('\n')
  if (lines[0] !== firstLine) return undefined
  for (let at = 1; lines[at]?.startsWith('-> '); ) {
    const said = parseHeadArguments((lines[at] ?? '').slice(3).split(' '))
    const [body, next] = readBody(lines, at + 1)
    // A second one would be another's word against ours: the first counts, as nobody else can change the header.
    if (said) return { ...said, signature: Buffer.from(body, 'base64').toString('base64url') }
    at = next
  }
  return undefined
}

/** The body ends with the first line that is shorter than 64 characters. */
function readBody(lines: readonly string[], from: number): [body: string, next: number] {
  let body = ''
  for (let at = from; ; at++) {
    const line = lines[at] ?? ''
    body += line
    if (line.length < 64) return [body, at + 1]
  }
}
