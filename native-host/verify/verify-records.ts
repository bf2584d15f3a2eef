import type { JournalRecord } from '../../protocol/records.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import { createGapWalk, type Gap } from '../timeline/gaps.ts'
import { type ChainFinding, createChainCheck, type Proofs, type Proven } from './check-chain.ts'
import type { EndMissing, SeenObject } from './check-heads.ts'
import type { KeyNote } from './check-keys.ts'
import { createPictureCheck, type PictureFinding, type PictureNote } from './check-pictures.ts'
import { type DeliveredPart, isInDates } from './delivered-devices.ts'
import type { LinkedLine } from './linked-line.ts'
import { isOnItsWay } from './on-its-way.ts'

export type Finding =
  | ChainFinding
  | PictureFinding
  /** The chain once was longer: an object that was sealed later says so. */
  | ({ kind: 'end-missing' } & EndMissing)
  /** The number of another object, or the same object in another place: each number is given once. */
  | { kind: 'number-twice'; object: string }
  /** Its bytes are not those that its name promises. */
  | { kind: 'object-changed'; object: string }
  /** No key fits, or it is damaged: its content is unknown. */
  | { kind: 'object-unopenable'; object: string }
  /** Too large, not for this user, or gone meanwhile: `why` names it. */
  | { kind: 'object-unreadable'; object: string; why: string }

/** Notes that are no fault. */
export type Note = PictureNote | KeyNote | ({ kind: 'records-on-their-way' } & EndMissing)

/** The report on one device. */
export type Verification = {
  /** As its signatures call it. */
  device: string | undefined
  findings: Finding[]
  notes: Note[]
  /** In the order of time. */
  gaps: Gap[]
  records: number
  segments: number
  screenshots: number
  /** Of the first and the last record. */
  from: string | undefined
  to: string | undefined
  /** The first record number that a signature names; it covers earlier records as well. */
  firstSigned: number | undefined
  /**
   * The time of the last record up to which everything is signed and here. undefined after a finding, and when nothing
   * is signed: then nothing is proven.
   */
  provenTo: string | undefined
  /** Those that signed. */
  keys: string[]
}

type Hole = { missing: EndMissing; foundAt: string; provenBefore: Proven | undefined }

type State = {
  /** Records before the first or behind the last are left out on purpose. */
  isCut: boolean
  chain: ReturnType<typeof createChainCheck>
  pictures: ReturnType<typeof createPictureCheck>
  walk: ReturnType<typeof createGapWalk>
  findings: Finding[]
  holes: Hole[]
  gaps: Gap[]
  current: { number: number; names: Set<string> }
  counts: { segments: number; screenshots: number }
  from: string | undefined
  to: string | undefined
}

/** What lies outside of the part that is looked at is not missing. */
function pictureRule({ from, until, kind }: DeliveredPart) {
  return {
    isExpected: (key: string) =>
      kind !== 'records' && isInDates(key.split('/').at(-2) ?? '', { from, until }),
    isRecorded: kind !== 'screenshot',
  }
}

/**
 * Takes the objects of one device in the order in which they were sealed.
 * @param onRecord called with each record that this version knows and that counts
 * @param part which of the objects come
 */
export function createVerification(
  proofs: Proofs,
  onRecord: (record: JournalRecord) => void = () => undefined,
  part: DeliveredPart = {},
) {
  const { from, until, kind } = part
  const state: State = {
    isCut: from !== undefined || until !== undefined || kind === 'screenshot',
    chain: createChainCheck(proofs, from === undefined ? undefined : 'anywhere'),
    pictures: createPictureCheck(pictureRule(part)),
    walk: createGapWalk(),
    findings: [],
    holes: [],
    gaps: [],
    current: { number: -1, names: new Set() },
    counts: { segments: 0, screenshots: 0 },
    from: undefined,
    to: undefined,
  }
  return {
    /**
     * @param lines without their ends, or as they were linked before
     * @returns what was found about this object at once
     */
    segment(object: SeenObject, lines: readonly (string | LinkedLine)[]): Finding[] {
      const before = state.findings.length
      if (!isHereTwice(state, object)) takeSegment(state, object, lines, onRecord)
      return state.findings.slice(before)
    },

    /** @returns as `segment` */
    screenshot(object: SeenObject): Finding[] {
      const before = state.findings.length
      if (!isHereTwice(state, object)) takeScreenshot(state, object)
      return state.findings.slice(before)
    },

    /** Takes a finding from before an object is opened. */
    bad(kind: 'object-changed' | 'object-unopenable', object: string): void {
      state.findings.push({ kind, object })
    },

    unreadable(object: string, why: string): void {
      state.findings.push({ kind: 'object-unreadable', object, why })
    },

    /** @param now the time of the check: a recent object may still be on its way */
    end: (now: Temporal.Instant): Verification => report(state, now),
  }
}

/** Objects of one number come one after the other. True when the very object was here already. */
function isHereTwice(state: State, { name, place }: SeenObject): boolean {
  if (place.number !== state.current.number) state.current = { number: place.number, names: new Set() }
  else state.findings.push({ kind: 'number-twice', object: name })
  const { names } = state.current
  const isSame = names.has(name)
  names.add(name)
  return isSame
}

function takeSegment(
  state: State,
  object: SeenObject,
  lines: readonly (string | LinkedLine)[],
  onRecord: (record: JournalRecord) => void,
): void {
  const { chain, pictures, walk, gaps } = state
  state.counts.segments += 1
  const provenBefore = chain.summary().proven
  let first: string | undefined
  const found = chain.segment(object, lines, record => {
    first ??= record.at
    state.from ??= record.at
    state.to = record.at
    pictures.record(record)
    gaps.push(...walk.record(record))
    onRecord(record)
  })
  for (const finding of found) {
    // Before a segment, not in it: an object may be late, and a record of one cannot.
    const isBefore = finding.kind === 'records-missing' && finding.to === follows(object)
    if (isBefore && first !== undefined) state.holes.push({ missing: finding, foundAt: first, provenBefore })
    else state.findings.push(finding)
  }
}

function takeScreenshot({ chain, pictures, findings, counts }: State, object: SeenObject): void {
  counts.screenshots += 1
  const { findings: found, head } = chain.other(object)
  findings.push(...found)
  const { name } = object
  if (found.length > 0) pictures.found(name)
  else pictures.object({ name, key: keyOf(object, head), isSigned: head?.form === 2 })
}

function report(
  { chain, pictures, walk, counts, from, to, isCut, ...state }: State,
  now: Temporal.Instant,
): Verification {
  const { missing, ...ended } = chain.end()
  const rest = { ...ended, missing: isCut ? undefined : missing }
  const shown = pictures.end(now)
  const { device, keys, firstSigned, records, proven } = chain.summary()
  const { underWay, lost } = sortHoles(state.holes, rest.missing, { proven, to }, now)
  const findings: Finding[] = [
    ...state.findings,
    ...lost.inside,
    ...rest.findings,
    ...lost.atEnd,
    ...shown.findings,
  ]
  const ends = [
    (underWay[0] ? underWay[0].provenBefore : proven)?.at,
    ...(shown.firstOnItsWay === undefined ? [] : [shown.firstOnItsWay]),
  ]
  return {
    device,
    findings,
    notes: [...rest.notes, ...underWay.map(onTheirWay), ...shown.notes],
    gaps: [...state.gaps, ...walk.end()],
    records,
    ...counts,
    from,
    to,
    firstSigned,
    provenTo: findings.length > 0 || ends.includes(undefined) ? undefined : earliest(ends),
    keys,
  }
}

type Sorted = { underWay: Hole[]; lost: { inside: Finding[]; atEnd: Finding[] } }

/** Missing records are under way while the record that shows it is recent, and are lost after that. */
function sortHoles(
  holes: readonly Hole[],
  missing: EndMissing | undefined,
  { proven, to }: { proven: Proven | undefined; to: string | undefined },
  now: Temporal.Instant,
): Sorted {
  const isRecent = ({ foundAt }: Hole) => isOnItsWay(Date.parse(foundAt), now.epochMilliseconds)
  const end = missing && to !== undefined ? [{ missing, foundAt: to, provenBefore: proven }] : []
  const isLostAtEnd = missing && !end.some(isRecent)
  return {
    underWay: [...holes, ...end].filter(isRecent),
    lost: {
      inside: holes.filter(hole => !isRecent(hole)).map(hole => inRecords(hole.missing)),
      atEnd: isLostAtEnd ? [{ kind: 'end-missing', ...missing }] : [],
    },
  }
}

function onTheirWay({ missing: { object, from, to } }: Hole): Note {
  return { kind: 'records-on-their-way', object, from, to }
}

/** The number of the record that its signed head says it follows. */
function follows({ head }: SeenObject): number | undefined {
  return head?.form === 2 ? head.before.seq : undefined
}

function inRecords({ object, from, to }: EndMissing): Finding {
  return { kind: 'records-missing', object, from, to }
}

/** The key of the object without the destination's prefix, as far as it is known. */
function keyOf({ name, place }: SeenObject, head: SignedHead | undefined): string | undefined {
  const device = head?.device ?? place.device
  const date = head?.form === 2 ? head.date : place.date
  return device === undefined || date === undefined ? undefined : `${device}/${date}/${name}`
}

function earliest(instants: readonly (string | undefined)[]): string | undefined {
  return instants.reduce((first, at) =>
    at !== undefined && (first === undefined || at < first) ? at : first,
  )
}
