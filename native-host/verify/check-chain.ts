import { type RecordLine, readRecordLine } from '../../protocol/read-record.ts'
import { chainStart, type JournalRecord } from '../../protocol/records.ts'
import { type ChainHead, dateInName, type SignedHead } from '../journal/chain-head.ts'
import { linkOf, type Sha256 } from '../journal/chain-link.ts'
import { createHeadCheck, type HeadFinding, type HeadProofs, type SeenObject } from './check-heads.ts'

/** A deviation from what the tracker wrote. `object` is the file that shows it. */
export type ChainFinding =
  | { kind: 'line-unreadable'; object: string; line: number }
  /** This record, or else the place in the chain that the one after it names. */
  | { kind: 'record-changed'; object: string; seq: number }
  | { kind: 'records-missing'; object: string; from: number; to: number }
  /** Its number has passed already: it was moved or is here twice. */
  | { kind: 'record-out-of-place'; object: string; seq: number }
  /** From this record on the chain does not continue the earlier one: the tracker lost it, or it was cut off. */
  | { kind: 'chain-begun-anew'; object: string; seq: number }
  | HeadFinding

export type Proofs = HeadProofs & { sha256: Sha256 }

/** The end of the chain that a signature speaks for. */
export type Proven = { seq: number; at: string }

/**
 * Follows one device's chain through its segments, in their order and with a memory that does not grow. After
 * a finding it continues from the most likely state, so that one change is one finding.
 */
export function createChainCheck(proofs: Proofs) {
  const heads = createHeadCheck(proofs)
  let last: ChainHead = { seq: 0, hash: chainStart }
  let count = 0
  let proven: Proven | undefined

  return {
    /**
     * @param lines of the segment, without their ends
     * @param onRecord called with each record that this version knows and that counts, in the order of the lines
     */
    segment(
      object: SeenObject,
      lines: readonly string[],
      onRecord: (record: JournalRecord) => void = () => undefined,
    ): ChainFinding[] {
      const read = lines.map(line => ({ line, record: readRecordLine(line) }))
      const judged = heads.judge(object, read.flatMap(keyNamedIn))
      const findings: ChainFinding[] = [...judged.findings]
      if (!judged.counts) return findings
      const { name } = object
      const { head } = judged
      if (head?.form === 2) {
        const begun = begin(name, head.before)
        findings.push(...begun.findings)
        if (begun.hasPassed) return findings
      } else findings.push(...notOfOldForm(object, read))
      let lastAt: string | undefined
      for (const [index, { line, record }] of read.entries()) {
        if (!record) {
          findings.push({ kind: 'line-unreadable', object: name, line: index + 1 })
          continue
        }
        count += 1
        lastAt = record.at
        findings.push(...follow(name, record))
        const next = placeOf(record)
        if (next > last.seq) {
          last = { seq: next, hash: linkOf(line, record, proofs.sha256) }
          findings.push(...heads.pass(last))
        }
        const known = record.record
        if (known?.kind === 'device.key') findings.push(...heads.keys.named(name, known))
        if (known) onRecord(known)
      }
      if (head) findings.push(...compare(name, head))
      if (head && lastAt !== undefined) proven = { seq: head.seq, at: lastAt }
      return findings
    },

    /** An object without records, which states how far the chain had got. */
    other(object: SeenObject): { findings: HeadFinding[]; head: SignedHead | undefined } {
      const { findings, head } = heads.judge(object)
      if (!head || findings.some(({ kind }) => kind === 'object-moved')) return { findings, head }
      return { findings: [...findings, ...heads.compare(object.name, head, last)], head }
    },

    end: () => ({ findings: heads.end(), missing: heads.missingEnd(last), notes: heads.keys.notes() }),

    summary: () => ({ records: count, proven, ...heads.summary() }),
  }

  /** Checks that a signed segment names the record that was before it. */
  function begin(object: string, before: ChainHead): { findings: ChainFinding[]; hasPassed: boolean } {
    const reached = last
    if (before.seq === reached.seq && before.hash === reached.hash) return { findings: [], hasPassed: false }
    if (before.seq < reached.seq)
      return {
        findings: [{ kind: 'record-out-of-place', object, seq: before.seq + 1 }],
        hasPassed: true,
      }
    last = before
    const findings: ChainFinding[] = []
    if (before.seq > reached.seq)
      findings.push({ kind: 'records-missing', object, from: reached.seq + 1, to: before.seq })
    if (before.hash === chainStart) findings.push({ kind: 'chain-begun-anew', object, seq: before.seq + 1 })
    else if (before.seq === reached.seq)
      findings.push({ kind: 'record-changed', object, seq: Math.max(1, before.seq) })
    return { findings, hasPassed: false }
  }

  function follow(object: string, { seq, prev }: { seq: number; prev: string }): ChainFinding[] {
    const expected = last.seq + 1
    if (prev === last.hash) return seq === expected ? [] : [{ kind: 'record-changed', object, seq: expected }]
    if (seq < expected) return [{ kind: 'record-out-of-place', object, seq }]
    const missing: ChainFinding[] =
      seq > expected ? [{ kind: 'records-missing', object, from: expected, to: seq - 1 }] : []
    if (prev === chainStart) return [...missing, { kind: 'chain-begun-anew', object, seq }]
    return missing.length > 0 ? missing : [{ kind: 'record-changed', object, seq: Math.max(1, last.seq) }]
  }

  /** A record that names the right predecessor follows it, with any number. */
  function placeOf({ seq, prev }: { seq: number; prev: string }): number {
    return prev === last.hash ? last.seq + 1 : seq
  }

  /** Checks that the signed head matches the records. */
  function compare(object: string, head: ChainHead): ChainFinding[] {
    const reached = last
    if (head.seq < reached.seq) return [{ kind: 'head-contradicted', object, seq: head.seq }]
    last = { seq: head.seq, hash: head.hash }
    if (head.seq > reached.seq)
      return [{ kind: 'records-missing', object, from: reached.seq + 1, to: head.seq }]
    return head.hash === reached.hash ? [] : [{ kind: 'record-changed', object, seq: head.seq }]
  }
}

function keyNamedIn({ record }: ReadLine): string[] {
  return record?.record?.kind === 'device.key' ? [record.record.key] : []
}

type ReadLine = { record: RecordLine | undefined }

/**
 * A name of the old form is not signed, but a segment is named for the date of its first record. Salted records were
 * signed in the new form: that signature was removed.
 */
function notOfOldForm({ name, place }: SeenObject, read: readonly ReadLine[]): ChainFinding[] {
  if (read.some(({ record }) => record?.salt !== undefined)) return [{ kind: 'form-old', object: name }]
  const first = read[0]?.record
  if (!first || place.date === undefined) return []
  const date = dateInName(Temporal.Instant.from(first.at))
  return date === place.date ? [] : [{ kind: 'object-moved', object: name, from: date }]
}
