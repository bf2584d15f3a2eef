import { budgets } from '../kernel/budgets.ts'
import { headArguments, parseHeadArguments, type SignedHead } from './chain-head.ts'
import type { Sha256 } from './chain-link.ts'

/** Of https://age-encryption.org/v1. A header of ours has some hundred bytes for each recipient. */
const firstLine = 'age-encryption.org/v1'
const usualHeader = 4096
export const longestHeader = budgets.objectHeader.most

export type SealedParts = {
  head: SignedHead
  /** Form 2: the file's content besides the head and the MAC, as views of its bytes. */
  others: { before: Uint8Array; payload: Uint8Array } | undefined
}

/**
 * The signed head in the header of an age file; undefined when there is none. It can be read without any key, and is
 * not checked here. Given the beginning of a file, it needs the whole header. A head of form 2 counts only as the last
 * stanza: it speaks of all before it.
 */
export function readSealedParts(sealed: Uint8Array): SealedParts | undefined {
  const usual = readHeader(sealed, usualHeader)
  const header = usual === 'too short' ? readHeader(sealed, longestHeader) : usual
  if (!header || header === 'too short') return undefined
  const { heads, end } = header
  const last = heads.at(-1)
  if (last?.head.form === 2 && last.to === end.from)
    return {
      head: last.head,
      others: { before: sealed.subarray(0, last.from), payload: sealed.subarray(end.to) },
    }
  const old = heads.find(({ head }) => head.form === 1)
  return old && { head: old.head, others: undefined }
}

export function readSignedHead(sealed: Uint8Array): SignedHead | undefined {
  return readSealedParts(sealed)?.head
}

/**
 * The hash that a head of form 2 signs as `rest`: of the header's bytes before the head, and of all behind the header.
 * Only the MAC is left out: only the holder of an identity can make it, and opening checks it.
 */
export function hashOfRest(hashBefore: string, hashOfPayload: string, sha256: Sha256): string {
  return sha256(`activity-tracker object 2\n${hashBefore}\n${hashOfPayload}\n`)
}

type FoundHead = { head: SignedHead; from: number; to: number }
type Header = { heads: FoundHead[]; end: { from: number; to: number } }

/** A character is a byte here, so that places in the text are places in the file. */
function readHeader(sealed: Uint8Array, most: number): Header | 'too short' | undefined {
  const text = new TextDecoder('latin1').decode(sealed.subarray(0, most))
  if (!text.startsWith(`${firstLine}\n`)) return undefined
  const cut = sealed.length > most ? 'too short' : undefined
  const heads: FoundHead[] = []
  for (let at = firstLine.length + 1; ; ) {
    const line = lineAt(text, at)
    if (line === undefined) return cut
    if (line.startsWith('--- ')) return { heads, end: { from: at, to: at + line.length + 1 } }
    if (!line.startsWith('-> ')) return undefined
    const body = readBody(text, at + line.length + 1)
    if (!body) return cut
    const said = parseHeadArguments(line.slice(3).split(' '))
    const signature = body.base64.replaceAll('+', '-').replaceAll('/', '_')
    if (said) heads.push({ head: { ...said, signature }, from: at, to: body.next })
    at = body.next
  }
}

/** Without its end; undefined when that is not there. */
function lineAt(text: string, at: number): string | undefined {
  const end = text.indexOf('\n', at)
  return end < 0 ? undefined : text.slice(at, end)
}

/** Base64 without padding; the last line is the first that is shorter than 64 characters. */
function readBody(text: string, from: number): { base64: string; next: number } | undefined {
  let base64 = ''
  for (let at = from; ; ) {
    const line = lineAt(text, at)
    if (line === undefined) return undefined
    base64 += line
    at += line.length + 1
    if (line.length < 64) return { base64, next: at }
  }
}

/** As one line, for places that store text beside an object. */
export function formatSignedHead(head: SignedHead): string {
  const [, ...said] = headArguments(head)
  return [...(head.form === 1 ? [] : [String(head.form)]), ...said, head.signature].join(' ')
}

/** The head that `formatSignedHead` made this line of; undefined for any other text. Its signature is not checked here. */
export function parseSignedHead(line: string): SignedHead | undefined {
  const parts = line.split(' ')
  const signature = parts.at(-1) ?? ''
  if (!/^[A-Za-z0-9_-]{86}$/.test(signature)) return undefined
  const said =
    parts[0] === '2'
      ? parseHeadArguments(['activity-tracker/head/2', ...parts.slice(1, -1)])
      : parseHeadArguments(['activity-tracker/head', ...parts.slice(0, -1)])
  return said && { ...said, signature }
}
