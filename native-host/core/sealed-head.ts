import { parseHeadArguments, type SignedHead } from './chain-head.ts'

/** Of https://age-encryption.org/v1. A header of ours has some hundred bytes for each recipient. */
const firstLine = 'age-encryption.org/v1'
const usualHeader = 2048
const longestHeader = 64 * 1024

/**
 * The signed head in the header of an age file; undefined when there is none. It can be read without any key, and is
 * not checked here. Given the beginning of a file, it needs the whole header.
 */
export function readSignedHead(sealed: Uint8Array): SignedHead | undefined {
  const usual = textOf(sealed, usualHeader)
  if (!usual.startsWith(`${firstLine}\n`)) return undefined
  const lines = (usual.includes('\n--- ') ? usual : textOf(sealed, longestHeader)).split('\n')
  for (let at = 1; lines[at]?.startsWith('-> '); ) {
    const said = parseHeadArguments((lines[at] ?? '').slice(3).split(' '))
    const [body, next] = readBody(lines, at + 1)
    // The header is authenticated: nobody who cannot open the file adds another.
    if (said) return { ...said, signature: body.replaceAll('+', '-').replaceAll('/', '_') }
    at = next
  }
  return undefined
}

function textOf(bytes: Uint8Array, most: number): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, most))
}

/** Base64 without padding; the last line is the first that is shorter than 64 characters. */
function readBody(lines: readonly string[], from: number): [body: string, next: number] {
  let body = ''
  for (let at = from; ; at++) {
    const line = lines[at] ?? ''
    body += line
    if (line.length < 64) return [body, at + 1]
  }
}

/** As one line, for places that hold text beside an object. */
export function formatSignedHead({ device, seq, hash, key, signature }: SignedHead): string {
  return [device, seq, hash, key, signature].join(' ')
}
