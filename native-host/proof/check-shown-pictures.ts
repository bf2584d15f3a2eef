import type { ProofObject } from '../../protocol/proof.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import type { ReportScreenshot } from '../../protocol/report.ts'
import { createPictureCheck } from '../verify/check-pictures.ts'
import { type NamedObject, parseObjectName } from '../verify/object-order.ts'
import type { ProofFinding, ProofNote } from './check-device.ts'
import type { ReadObject } from './read-object.ts'

export type ShownState = ReportScreenshot['state']

/** One that is shown, proven and named by a shown record. */
export type FoundPicture = { key: string; object: ProofObject }

type Picture = ReadObject & { kind: 'picture' }
type Named = NamedObject & { key: string }

type Settled = {
  findings: ProofFinding[]
  notes: ProofNote[]
  shown: FoundPicture[]
  unnamed: number
  stateOf(object: string): ShownState
}

/** Compares the pictures of a bundle with the shown records, which name each by its number and the hash of its bytes. */
export function settlePictures(
  pictures: readonly { object: Picture; isGood: boolean }[],
  records: readonly JournalRecord[],
  madeAt: Temporal.Instant,
): Settled {
  const check = createPictureCheck()
  const findings: ProofFinding[] = []
  const shown: FoundPicture[] = []
  const states = new Map<string, ShownState>()
  let unnamed = 0
  for (const record of records) check.record(record)
  const named = namedIn(records)
  for (const { object, isGood } of pictures) {
    const match = named.find(object)
    const flaw = isHereTwice(states, object, match) ?? flawOf(object, match)
    if (flaw) findings.push(flaw)
    if (!match) {
      unnamed += 1
      continue
    }
    if (flaw || !isGood) {
      check.found(match.name)
      states.set(match.key, 'missing')
      continue
    }
    check.object({ name: match.name, key: match.key, isSigned: object.seen.head?.form === 2 })
    states.set(match.key, object.shown ? 'delivered' : 'withheld')
    if (object.shown) shown.push({ key: match.key, object: object.shown.object })
  }
  const end = check.end(madeAt)
  for (const { object } of end.notes) states.set(named.keyOf(object), 'on-its-way')
  for (const record of records) if (record.kind === 'screenshot.deleted') states.set(record.object, 'deleted')
  return {
    findings: [...findings, ...end.findings],
    notes: end.notes,
    shown,
    unnamed,
    stateOf: object => states.get(object) ?? 'missing',
  }
}

/** One of the old form does not say its number. */
function isHereTwice(
  states: ReadonlyMap<string, ShownState>,
  { seen: { name } }: Picture,
  match: Named | undefined,
): ProofFinding | undefined {
  return match && states.has(match.key) ? { kind: 'number-twice', object: name } : undefined
}

/** What is wrong with a shown picture by itself; a head that is no good was found already. */
function flawOf({ seen: { name }, shown }: Picture, match: Named | undefined): ProofFinding | undefined {
  if (!shown) return undefined
  if (!shown.facts.fits) return { kind: 'picture-unopenable', object: name }
  // It was taken out of its place: nothing says when it was taken.
  if (!match || match.sha256 !== shown.facts.hash) return { kind: 'object-changed', object: name }
  return undefined
}

function namedIn(records: readonly JournalRecord[]) {
  const all = records.flatMap(keysIn).flatMap((key): Named[] => {
    const name = key.slice(key.lastIndexOf('/') + 1)
    const parsed = parseObjectName(key, name)
    return parsed ? [{ ...parsed, key }] : []
  })
  const byNumber = new Map(all.map(named => [placeOf(named.device, named.date, named.seq), named]))
  const byHash = new Map(all.map(named => [named.sha256, named]))
  const byName = new Map(all.map(({ name, key }) => [name, key]))
  return {
    /** Of the old form, which does not say its number, by the hash alone. */
    find({ seen: { head }, shown }: Picture): Named | undefined {
      if (head?.form === 2) return byNumber.get(placeOf(head.device, head.date, head.number))
      return shown && byHash.get(shown.facts.hash)
    },
    keyOf: (name: string) => byName.get(name) ?? name,
  }
}

function keysIn(record: JournalRecord): string[] {
  switch (record.kind) {
    case 'screenshot':
      return [record.object]
    case 'screenshot.blurred':
      return [record.by]
    default:
      return []
  }
}

function placeOf(device: string | undefined, date: string | undefined, number: number): string {
  return `${device}/${date}/${number}`
}
