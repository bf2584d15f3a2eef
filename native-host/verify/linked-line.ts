import { type RecordLine, readRecordLine } from '../../protocol/read-record.ts'
import { linkOf, type Sha256 } from '../journal/chain-link.ts'

/** A line of a segment with what the one after it has to name. null: it is no record. */
export type LinkedLine = (Omit<RecordLine, 'salt'> & { salted: boolean; link: string }) | null

export function linkLines(lines: readonly (string | LinkedLine)[], sha256: Sha256): LinkedLine[] {
  return lines.map(line => (typeof line === 'string' ? linkLine(line, sha256) : line))
}

function linkLine(line: string, sha256: Sha256): LinkedLine {
  const read = readRecordLine(line)
  if (!read) return null
  const { salt, ...rest } = read
  return { ...rest, salted: salt !== undefined, link: linkOf(line, read, sha256) }
}
