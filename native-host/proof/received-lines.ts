import type { SignedHead } from '../journal/chain-head.ts'
import { parseSignedHead } from '../journal/sealed-head.ts'

/** Heads as people paste them: one on each line, with empty lines and quotes of mails between. `bad`: lines that are none. */
export function readHeadLines(text: string): { heads: SignedHead[]; bad: number } {
  const lines = text
    .split('\n')
    .map(line => line.replace(/^[>\s]+/, '').trim())
    .filter(line => line !== '')
  const heads = lines.flatMap(line => parseSignedHead(line) ?? [])
  return { heads, bad: lines.length - heads.length }
}
