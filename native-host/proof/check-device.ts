import type { ProofDevice } from '../../protocol/proof.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import type { ChainHead, SignedHead } from '../journal/chain-head.ts'
import type { Sha256 } from '../journal/chain-link.ts'
import { type ChainFinding, createChainCheck } from '../verify/check-chain.ts'
import type { KeyNote } from '../verify/check-keys.ts'
import type { PictureFinding, PictureNote } from '../verify/check-pictures.ts'
import { type FoundPicture, type ShownState, settlePictures } from './check-shown-pictures.ts'
import type { ProofFacts } from './gather-facts.ts'
import type { Stretch } from './hidden-time.ts'
import { type ReadObject, readObject } from './read-object.ts'

export type ProofFinding =
  | ChainFinding
  | PictureFinding
  /** What should be a head or sealed bytes is not. */
  | { kind: 'object-unreadable'; object: string }
  | { kind: 'number-twice'; object: string }
  | { kind: 'object-out-of-order'; object: string }
  /** Its bytes are not those that the record names. */
  | { kind: 'object-changed'; object: string }
  /** The file key is that of another file, or the header was changed. */
  | { kind: 'picture-unopenable'; object: string }
  /** A shown record or picture lies outside of what the bundle says that it shows. */
  | { kind: 'not-as-stated'; object: string }
export type ProofNote = PictureNote | KeyNote

export type CheckedDevice = {
  device: string
  keys: string[]
  findings: ProofFinding[]
  notes: ProofNote[]
  /** Of the segments that are proven, in their order. */
  records: JournalRecord[]
  stretches: Stretch[]
  segments: { shown: number; withheld: number }
  /** Records whose place in the chain is empty, or whose segment is not proven. */
  missing: number
  /** The record before the first one; 0 at the beginning of all. */
  startsAfter: number
  endsWith: number
  /** Links of the chain as the bundle has them. */
  links: Map<number, string>
  /** The last record of each shown segment. */
  ends: { seq: number; at: string }[]
  pictures: FoundPicture[]
  stateOf(object: string): ShownState
  /** Withheld pictures that no shown record names. */
  unnamed: number
  isSigned: boolean
}

export type DeviceAsked = {
  facts: ProofFacts
  sha256: Sha256
  /** Keys of heads received earlier, in their order. */
  trusted: readonly string[]
  /** The time of sharing, as the sender says. */
  madeAt: Temporal.Instant
}

type State = {
  chain: ReturnType<typeof createChainCheck>
  number: number
  checked: Pick<
    CheckedDevice,
    'findings' | 'records' | 'stretches' | 'segments' | 'missing' | 'endsWith' | 'links' | 'ends'
  >
  pictures: { object: ReadObject & { kind: 'picture' }; isGood: boolean }[]
}

/** Follows the chain of one device through what the bundle shows and what it withholds. */
export function checkDevice({ device, objects }: ProofDevice, asked: DeviceAsked): CheckedDevice {
  const read = objects.map((object, index) => readObject(object, { index, device, facts: asked.facts }))
  const start = startOf(read)
  const state: State = {
    chain: createChainCheck(
      { sha256: asked.sha256, isSigned: asked.facts.isSigned, trusted: trustedOf(asked.trusted) },
      start,
    ),
    number: -1,
    checked: {
      findings: [],
      records: [],
      stretches: [],
      segments: { shown: 0, withheld: 0 },
      missing: 0,
      endsWith: start.seq,
      links: new Map([[start.seq, start.hash]]),
      ends: [],
    },
    pictures: [],
  }
  for (const object of read) take(state, object)
  const { findings: atEnd, notes } = state.chain.end()
  const { keys, firstSigned } = state.chain.summary()
  const { checked } = state
  const settled = settlePictures(state.pictures, checked.records, asked.madeAt)
  return {
    device,
    keys,
    ...checked,
    findings: [...checked.findings, ...atEnd, ...settled.findings],
    notes: [...notes, ...settled.notes],
    startsAfter: start.seq,
    pictures: settled.shown,
    stateOf: settled.stateOf,
    unnamed: settled.unnamed,
    isSigned: firstSigned !== undefined,
  }
}

function trustedOf(keys: readonly string[]): string[] {
  return keys.length === 0 ? [] : [keys.join(',')]
}

/** The record before the first segment, as that says; whether there was nothing missing before it cannot be seen. */
function startOf(objects: readonly ReadObject[]): ChainHead {
  for (const object of objects) {
    if (object.kind !== 'segment' && object.kind !== 'withheld') continue
    const { head } = object.seen
    if (head?.form === 2) return head.before
    const first = object.kind === 'segment' ? readRecordLine(object.lines[0] ?? '') : undefined
    if (first) return { seq: first.seq - 1, hash: first.prev }
  }
  return { seq: 0, hash: '0'.repeat(64) }
}

function take(state: State, object: ReadObject): void {
  const { checked } = state
  const { findings } = checked
  if (object.kind === 'unreadable') {
    findings.push({ kind: 'object-unreadable', object: object.name })
    return
  }
  const { name, head } = object.seen
  if (head?.form === 2) {
    if (head.number === state.number) return void findings.push({ kind: 'number-twice', object: name })
    if (head.number < state.number) findings.push({ kind: 'object-out-of-order', object: name })
    state.number = Math.max(state.number, head.number)
  }
  switch (object.kind) {
    case 'segment':
      takeSegment(state, object)
      break
    case 'withheld':
      takeWithheld(state, object)
      break
    case 'picture': {
      const { findings: found } = state.chain.other(object.seen)
      findings.push(...found)
      state.pictures.push({ object, isGood: found.length === 0 })
      break
    }
    default:
      throw object satisfies never
  }
}

/** Findings beside which the records of a segment are still what the key signed. */
const besides: ReadonlySet<ProofFinding['kind']> = new Set([
  'chain-begun-anew',
  'key-changed',
  'device-renamed',
])

function takeSegment({ chain, checked }: State, { seen, lines }: ReadObject & { kind: 'segment' }): void {
  const { head } = seen
  const records: JournalRecord[] = []
  const found = chain.segment(seen, lines, record => void records.push(record))
  checked.findings.push(...found)
  // Each line is read once, but for those of kinds that this version does not know.
  const isKnown = records.length === lines.length
  const first = isKnown ? records[0] : readRecordLine(lines[0] ?? '')
  const last = isKnown ? records.at(-1) : readRecordLine(lines.at(-1) ?? '')
  const before = head?.form === 2 ? head.before.seq : (first?.seq ?? 1) - 1
  noteMissing(checked, found, before)
  const isProven = found.every(finding => besides.has(finding.kind) || isHole(finding, before))
  if (!isProven || !first || !last) {
    checked.missing += head?.form === 2 ? Math.max(0, head.seq - head.before.seq) : lines.length
    checked.stretches.push({ kind: 'missing' })
    return
  }
  checked.segments.shown += 1
  checked.records.push(...records)
  noteLinks(checked, records, head)
  checked.ends.push({ seq: last.seq, at: last.at })
  checked.endsWith = Math.max(checked.endsWith, last.seq)
  checked.stretches.push({ kind: 'shown', from: beginningOf(records[0], first.at), to: last.at })
}

function beginningOf(record: JournalRecord | undefined, at: string): string {
  return record?.kind === 'interval' && record.at === at && record.from < at ? record.from : at
}

function takeWithheld({ chain, checked }: State, { seen }: ReadObject & { kind: 'withheld' }): void {
  const { head } = seen
  const found = chain.withheld(seen)
  checked.findings.push(...found)
  if (head?.form !== 2) return
  noteMissing(checked, found, head.before.seq)
  if (!found.every(finding => besides.has(finding.kind) || isHole(finding, head.before.seq))) {
    checked.missing += Math.max(0, head.seq - head.before.seq)
    checked.stretches.push({ kind: 'missing' })
    return
  }
  checked.segments.withheld += 1
  noteLinks(checked, [], head)
  checked.endsWith = Math.max(checked.endsWith, head.seq)
  checked.stretches.push({ kind: 'withheld', date: head.date })
}

/** Between two segments, and not in one. */
function isHole(finding: ProofFinding, before: number): boolean {
  return finding.kind === 'records-missing' && finding.to === before
}

function noteMissing(checked: State['checked'], found: readonly ProofFinding[], before: number): void {
  for (const finding of found) {
    if (finding.kind !== 'records-missing' || !isHole(finding, before)) continue
    checked.missing += finding.to - finding.from + 1
    checked.stretches.push({ kind: 'missing' })
  }
}

function noteLinks(
  { links }: State['checked'],
  records: readonly JournalRecord[],
  head: SignedHead | undefined,
): void {
  for (const { seq, prev } of records) links.set(seq - 1, prev)
  if (!head) return
  if (head.form === 2) links.set(head.before.seq, head.before.hash)
  links.set(head.seq, head.hash)
}
