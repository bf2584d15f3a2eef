import { readRecordLine } from '../../protocol/read-record.ts'
import { chainStart, type JournalRecord } from '../../protocol/records.ts'
import type { ChainHead, SignedHead } from './chain-head.ts'
import { linkOf } from './chain-link.ts'
import { createHeadCheck, type HeadFinding, type HeadProofs } from './check-heads.ts'

/** Something that is not as the tracker wrote it. `object` is the file in which it shows. */
export type ChainFinding =
  | { kind: 'line-unreadable'; object: string; line: number }
  /** This record, or else the place in the chain that the one after it names. */
  | { kind: 'record-changed'; object: string; seq: number }
  | { kind: 'records-missing'; object: string; from: number; to: number }
  /** Its number has passed already: it was moved or is here twice. */
  | { kind: 'record-out-of-place'; object: string; seq: number }
  /** From this record on the chain does not build on what was before: the tracker had lost it, or somebody cut it off. */
  | { kind: 'chain-begun-anew'; object: string; seq: number }
  | HeadFinding

export type Proofs = HeadProofs & {
  /** In lower-case hex, of the text as UTF-8. */
  sha256(text: string): string
}

/**
 * Follows one device's chain through its segments, in their order and with a memory that does not grow. After
 * something was found it goes on from what is most likely true, so that one change is one finding.
 */
export function createChainCheck(proofs: Proofs) {
  const heads = createHeadCheck(proofs)
  let last: ChainHead = { seq: 0, hash: chainStart }
  let count = 0

  return {
    /**
     * @param lines of the segment, without their ends
     * @param onRecord called with each record that this version knows, in the order of the lines
     */
    segment(
      object: string,
      lines: readonly string[],
      head: SignedHead | undefined,
      onRecord: (record: JournalRecord) => void = () => undefined,
    ): ChainFinding[] {
      const findings: ChainFinding[] = []
      const before = last.seq
      for (const [index, line] of lines.entries()) {
        const read = readRecordLine(line)
        if (!read) {
          findings.push({ kind: 'line-unreadable', object, line: index + 1 })
          continue
        }
        count += 1
        findings.push(...follow(object, read))
        const next = placeOf(read)
        if (next > last.seq) {
          last = { seq: next, hash: linkOf(line, read, proofs.sha256) }
          findings.push(...heads.pass(last))
        }
        if (read.record?.kind === 'device.key') findings.push(...heads.named(object, read.record))
        if (read.record) onRecord(read.record)
      }
      const said = heads.ofSegment(object, head, { from: before + 1, to: last.seq })
      findings.push(...said.findings)
      if (said.head) findings.push(...compare(object, said.head))
      return findings
    },

    /** An object that holds no records, and says how far the chain had got. */
    other(object: string, head: SignedHead | undefined): ChainFinding[] {
      return head ? heads.ofOther(object, head, last) : []
    },

    end: (): ChainFinding[] => heads.end(last),

    summary: () => ({ records: count, ...heads.summary() }),
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

  /** A record that names the right one before it stands after that one, whatever number it was given. */
  function placeOf({ seq, prev }: { seq: number; prev: string }): number {
    return prev === last.hash ? last.seq + 1 : seq
  }

  /** What was signed is what there was. */
  function compare(object: string, head: ChainHead): ChainFinding[] {
    const reached = last
    if (head.seq < reached.seq) return [{ kind: 'head-contradicted', object, seq: head.seq }]
    last = { seq: head.seq, hash: head.hash }
    if (head.seq > reached.seq)
      return [{ kind: 'records-missing', object, from: reached.seq + 1, to: head.seq }]
    return head.hash === reached.hash ? [] : [{ kind: 'record-changed', object, seq: head.seq }]
  }
}
