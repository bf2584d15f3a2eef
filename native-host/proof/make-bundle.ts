import { AppError } from '../../protocol/errors.ts'
import { type ProofBundle, type ProofDevice, type ProofObject, proofFormat } from '../../protocol/proof.ts'
import { readRecordLine } from '../../protocol/read-record.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import { formatSignedHead } from '../journal/sealed-head.ts'
import { parseObjectName } from '../verify/object-order.ts'
import { chooseSegments } from './choose-segments.ts'
import { type Chosen, localOf } from './chosen-hours.ts'

/** An object of one device as its owner opened it, in the order of sealing. */
export type OpenedObject = { number: number; head: SignedHead | undefined } & (
  | { kind: 'records'; lines: readonly string[] }
  | { kind: 'screenshot'; sha256: string; sealed: Uint8Array; fileKey: Uint8Array }
)
type Opened<K extends OpenedObject['kind']> = Extract<OpenedObject, { kind: K }>

/** What will be handed over of a device. */
export type Handed = {
  device: string
  /** Local dates with a shown record. */
  days: number
  /** Of shown and of withheld segments. */
  shown: number
  withheld: number
  pictures: number
  withheldPictures: number
}

/**
 * The part of a bundle that is of one device. undefined when nothing of it lies in the chosen dates.
 * @throws AppError SHARE_OLD_RECORDS
 */
export function makeDevice(
  device: string,
  objects: readonly OpenedObject[],
  chosen: Chosen & Pick<ProofBundle, 'screenshots'>,
): { device: ProofDevice; handed: Handed } | undefined {
  const segments = objects.filter(object => object.kind === 'records')
  const choice = chooseSegments(
    segments.map(({ lines }) => lines),
    chosen,
  )
  const [first, last] = [segments[choice.first], segments[choice.last]]
  if (!first || !last) return undefined
  const shown = new Set(segments.filter((_, index) => choice.shown.has(index)))
  const own = segments.slice(choice.first, choice.last + 1)
  refuseOld(segments[choice.first - 1], own, shown)
  if (!chosen.screenshots) refuseOldPictures(objects, shown)
  const numbers = { from: first.number, to: last.number }
  const pictures = choosePictures(objects, own, numbers, chosen.screenshots ? shown : new Set())
  const kept = objects.flatMap((object): { object: OpenedObject; as: ProofObject }[] => {
    const as =
      object.kind === 'records'
        ? own.includes(object) && segmentAs(object, shown.has(object))
        : pictures.get(object)
    return as ? [{ object, as }] : []
  })
  return {
    device: { device, objects: kept.map(({ as }) => as) },
    handed: {
      device,
      days: datesIn([...shown]).size,
      shown: shown.size,
      withheld: own.length - shown.size,
      pictures: [...pictures.values()].filter(as => 'sealed' in as).length,
      withheldPictures: [...pictures.values()].filter(as => !('sealed' in as)).length,
    },
  }
}

export function makeBundle(
  devices: readonly ProofDevice[],
  { from, until, only, screenshots }: Chosen & Pick<ProofBundle, 'screenshots'>,
  madeAt: string,
): ProofBundle {
  return { format: proofFormat, from, until, only, screenshots, made_at: madeAt, devices: [...devices] }
}

function segmentAs({ head, lines }: Opened<'records'>, isShown: boolean): ProofObject | undefined {
  const signed = head && formatSignedHead(head)
  if (isShown)
    return { ...(signed !== undefined && { head: signed }), lines: lines.map(line => `${line}\n`).join('') }
  return signed === undefined ? undefined : { head: signed }
}

/**
 * Those that a segment of the bundle names, wherever they stand, and those that lie between its segments. One is shown
 * when a shown record names it.
 */
function choosePictures(
  objects: readonly OpenedObject[],
  own: readonly Opened<'records'>[],
  { from, to }: { from: number; to: number },
  shown: ReadonlySet<Opened<'records'>>,
): Map<OpenedObject, ProofObject> {
  const named = new Set(own.flatMap(hashesIn))
  const namedByShown = new Set([...shown].flatMap(hashesIn))
  const chosen = new Map<OpenedObject, ProofObject>()
  for (const object of objects) {
    if (object.kind !== 'screenshot') continue
    const { sha256, number, head, sealed, fileKey } = object
    if (namedByShown.has(sha256))
      chosen.set(object, { sealed: sealed.toBase64(), file_key: fileKey.toBase64() })
    else if ((named.has(sha256) || (number > from && number < to)) && head?.form === 2)
      chosen.set(object, { head: formatSignedHead(head) })
  }
  return chosen
}

function hashesIn({ lines }: Opened<'records'>): string[] {
  return lines.flatMap(line => {
    const record = readRecordLine(line)?.record
    const key =
      record?.kind === 'screenshot' ? record.object : record?.kind === 'screenshot.blurred' && record.by
    const name = key ? parseObjectName(key, key.slice(key.lastIndexOf('/') + 1)) : undefined
    return name ? [name.sha256] : []
  })
}

/**
 * The hash of a record without salt confirms every guess at it, and the head of its segment, or of the next one, holds
 * that hash. Old records are shown, or the bundle is not made.
 */
function refuseOld(
  before: Opened<'records'> | undefined,
  own: readonly Opened<'records'>[],
  shown: ReadonlySet<Opened<'records'>>,
): void {
  const hidden = [...(before ? [before] : []), ...own.filter(segment => !shown.has(segment))]
  const old = hidden.findLast(
    ({ head, lines }) => head?.form !== 2 || readRecordLine(lines.at(-1) ?? '')?.salt === undefined,
  )
  if (old) throw refusal(old)
}

/** The head of an old picture is not bound to it: left out, it could not be told from one that is missing. */
function refuseOldPictures(objects: readonly OpenedObject[], shown: ReadonlySet<Opened<'records'>>): void {
  const old = new Set(
    objects.flatMap(object =>
      object.kind === 'screenshot' && object.head?.form !== 2 ? [object.sha256] : [],
    ),
  )
  const segment = [...shown].find(each => hashesIn(each).some(hash => old.has(hash)))
  if (segment) throw refusal(segment)
}

function refusal({ lines }: Opened<'records'>): AppError {
  const at = readRecordLine(lines.at(-1) ?? '')?.at
  return new AppError('SHARE_OLD_RECORDS', { ...(at !== undefined && { detail: at.slice(0, 10) }) })
}

/** As the person's clock showed them. */
function datesIn(segments: readonly Opened<'records'>[]): Set<string> {
  return new Set(
    segments.flatMap(({ lines }) =>
      lines.flatMap(line => {
        const record = readRecordLine(line)?.record
        return record ? (localOf(record.at, record.offset)?.slice(0, 10) ?? []) : []
      }),
    ),
  )
}
