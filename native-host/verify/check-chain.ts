import { chainStart, type JournalRecord } from '../../protocol/records.ts'
import { type ChainHead, dateInName, type SignedHead } from '../journal/chain-head.ts'
import type { Sha256 } from '../journal/chain-link.ts'
import { createHeadCheck, type HeadFinding, type HeadProofs, type SeenObject } from './check-heads.ts'
import { type LinkedLine, linkLines } from './linked-line.ts'

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

type State = {
  heads: ReturnType<typeof createHeadCheck>
  startsLate: boolean
  last: ChainHead
  /** Of records. */
  count: number
  proven: Proven | undefined
}

/**
 * Follows one device's chain through its segments, in their order and with a memory that does not grow. After
 * a finding it continues from the most likely state, so that one change is one finding.
 * @param start the record before the first segment, where that is not the first of all; or the first signed segment begins it
 */
export function createChainCheck(
  { sha256, ...proofs }: Proofs,
  start: ChainHead | 'anywhere' = { seq: 0, hash: chainStart },
) {
  const heads = createHeadCheck(proofs)
  const startsLate = start === 'anywhere'
  const last = startsLate ? { seq: 0, hash: chainStart } : start
  const state: State = { heads, startsLate, last, count: 0, proven: undefined }
  return {
    /**
     * @param lines of the segment, without their ends; or those that were linked before
     * @param onRecord called with each record that this version knows and that counts, in the order of the lines
     */
    segment: (
      object: SeenObject,
      lines: readonly (string | LinkedLine)[],
      onRecord: OnRecord = () => undefined,
    ): ChainFinding[] => checkSegment(state, object, linkLines(lines, sha256), onRecord),

    /** A segment whose lines are withheld: only its head says which record it follows and which it reaches. */
    withheld: (object: SeenObject): ChainFinding[] => passWithheld(state, object),

    /** An object without records, which states how far the chain had got. */
    other(object: SeenObject): { findings: HeadFinding[]; head: SignedHead | undefined } {
      const { findings, head } = heads.judge(object)
      if (!head || findings.some(({ kind }) => kind === 'object-moved')) return { findings, head }
      return { findings: [...findings, ...heads.compare(object.name, head, state.last)], head }
    },

    end: () => ({ findings: heads.end(), missing: heads.missingEnd(state.last), notes: heads.keys.notes() }),

    summary: () => ({ records: state.count, proven: state.proven, ...heads.summary() }),
  }
}

type OnRecord = (record: JournalRecord) => void

function checkSegment(
  state: State,
  object: SeenObject,
  read: readonly LinkedLine[],
  onRecord: OnRecord,
): ChainFinding[] {
  const { findings: judged, head, counts } = state.heads.judge(object, read.flatMap(keyNamedIn))
  const findings: ChainFinding[] = [...judged]
  if (!counts) return findings
  const { name } = object
  if (head?.form === 2) {
    const begun = begin(state, name, head.before)
    findings.push(...begun.findings)
    if (begun.hasPassed) return findings
  } else findings.push(...notOfOldForm(object, read))
  for (const [index, line] of read.entries()) {
    if (line) findings.push(...take(state, name, line, onRecord))
    else findings.push({ kind: 'line-unreadable', object: name, line: index + 1 })
  }
  if (head) findings.push(...compare(state, name, head))
  const lastAt = read.findLast(line => line)?.at
  if (head && lastAt !== undefined) state.proven = { seq: head.seq, at: lastAt }
  return findings
}

function passWithheld(state: State, object: SeenObject): ChainFinding[] {
  const { findings, head, counts } = state.heads.judge(object)
  if (!head || !counts) return findings
  // The old form does not say where it begins, and its hashes confirm guesses.
  if (head.form === 1) return [...findings, { kind: 'form-old', object: object.name }]
  const begun = begin(state, object.name, head.before)
  if (begun.hasPassed) return [...findings, ...begun.findings]
  state.last = { seq: head.seq, hash: head.hash }
  return [...findings, ...begun.findings, ...state.heads.pass(state.last)]
}

/** Checks that a signed segment names the record that was before it. */
function begin(
  state: State,
  object: string,
  before: ChainHead,
): { findings: ChainFinding[]; hasPassed: boolean } {
  if (state.startsLate && state.count === 0) state.last = before
  const reached = state.last
  if (before.seq === reached.seq && before.hash === reached.hash) return { findings: [], hasPassed: false }
  if (before.seq < reached.seq)
    return {
      findings: [{ kind: 'record-out-of-place', object, seq: before.seq + 1 }],
      hasPassed: true,
    }
  state.last = before
  const findings: ChainFinding[] = []
  if (before.seq > reached.seq)
    findings.push({ kind: 'records-missing', object, from: reached.seq + 1, to: before.seq })
  if (before.hash === chainStart) findings.push({ kind: 'chain-begun-anew', object, seq: before.seq + 1 })
  else if (before.seq === reached.seq)
    findings.push({ kind: 'record-changed', object, seq: Math.max(1, before.seq) })
  return { findings, hasPassed: false }
}

/** Takes the next record of a segment. */
function take(
  state: State,
  object: string,
  line: NonNullable<LinkedLine>,
  onRecord: OnRecord,
): ChainFinding[] {
  const { heads } = state
  state.count += 1
  const findings = follow(state.last, object, line)
  const next = placeOf(state.last, line)
  if (next > state.last.seq) {
    state.last = { seq: next, hash: line.link }
    findings.push(...heads.pass(state.last))
  }
  const known = line.record
  if (known?.kind === 'device.key') findings.push(...heads.keys.named(object, known))
  if (known) onRecord(known)
  return findings
}

function follow(last: ChainHead, object: string, { seq, prev }: NonNullable<LinkedLine>): ChainFinding[] {
  const expected = last.seq + 1
  if (prev === last.hash) return seq === expected ? [] : [{ kind: 'record-changed', object, seq: expected }]
  if (seq < expected) return [{ kind: 'record-out-of-place', object, seq }]
  const missing: ChainFinding[] =
    seq > expected ? [{ kind: 'records-missing', object, from: expected, to: seq - 1 }] : []
  if (prev === chainStart) return [...missing, { kind: 'chain-begun-anew', object, seq }]
  return missing.length > 0 ? missing : [{ kind: 'record-changed', object, seq: Math.max(1, last.seq) }]
}

/** A record that names the right predecessor follows it, with any number. */
function placeOf(last: ChainHead, { seq, prev }: NonNullable<LinkedLine>): number {
  return prev === last.hash ? last.seq + 1 : seq
}

/** Checks that the signed head matches the records. */
function compare(state: State, object: string, head: ChainHead): ChainFinding[] {
  const reached = state.last
  if (head.seq < reached.seq) return [{ kind: 'head-contradicted', object, seq: head.seq }]
  state.last = { seq: head.seq, hash: head.hash }
  if (head.seq > reached.seq)
    return [{ kind: 'records-missing', object, from: reached.seq + 1, to: head.seq }]
  return head.hash === reached.hash ? [] : [{ kind: 'record-changed', object, seq: head.seq }]
}

function keyNamedIn(line: LinkedLine): string[] {
  return line?.record?.kind === 'device.key' ? [line.record.key] : []
}

/**
 * A name of the old form is not signed, but a segment is named for the date of its first record. Salted records were
 * signed in the new form: that signature was removed.
 */
function notOfOldForm({ name, place }: SeenObject, read: readonly LinkedLine[]): ChainFinding[] {
  if (read.some(line => line?.salted)) return [{ kind: 'form-old', object: name }]
  const first = read[0]
  if (!first || place.date === undefined) return []
  const date = dateInName(Temporal.Instant.from(first.at))
  return date === place.date ? [] : [{ kind: 'object-moved', object: name, from: date }]
}
