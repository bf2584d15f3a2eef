import { hash } from 'node:crypto'
import type { DeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { headStatement, type SignedHead } from '../../native-host/journal/chain-head.ts'
import { formatSignedHead, parseSignedHead } from '../../native-host/journal/sealed-head.ts'
import type { ProofBundle, ProofDevice, ProofObject } from '../../protocol/proof.ts'
import { madeUpRecords } from './forger.ts'
import { seededRandom } from './seeded-random.ts'

/**
 * What finds a forgery at the latest: the bundle by itself; heads that its reader received while the work was done; the
 * fingerprint that its sender gave. Each of them also finds what the ones before it do.
 */
export type FoundBy = 'itself' | 'heads' | 'fingerprint'
export type Forged = { kind: ForgeryKind; by: FoundBy; bundle: ProofBundle }

export type ForgeryScene = {
  bundle: ProofBundle
  /** Of someone else. */
  forgersKey: DeviceKey
  /** Genuine heads and pictures of other devices, and of this one from other dates. */
  foreign: readonly ProofObject[]
}

type Dice = { below(end: number): number; pick<T>(from: readonly T[]): T; word(): string }
type Draft = { bundle: ProofBundle; device: ProofDevice; dice: Dice; scene: ForgeryScene }
type Forge = (draft: Draft) => FoundBy | undefined

type Shown = Extract<ProofObject, { lines: string }>
type Picture = Extract<ProofObject, { sealed: string }>
const isShown = (object: ProofObject): object is Shown => 'lines' in object
const isPicture = (object: ProofObject): object is Picture => 'sealed' in object
const headOf = (object: ProofObject) =>
  'head' in object && object.head ? parseSignedHead(object.head) : undefined
const isWithheld = (object: ProofObject) => !isShown(object) && !isPicture(object)
const isWithheldSegment = (object: ProofObject) => {
  const head = headOf(object)
  return isWithheld(object) && head?.form === 2 && head.kind === 'records'
}
const isSegment = (object: ProofObject) => isShown(object) || isWithheldSegment(object)

/** Each changes a copy of the bundle, or returns nothing where there is nothing that it could be done to. */
const forgeries = {
  'a shown minute dropped': dropping(isShown),
  'a withheld minute passed off as missing': dropping(isWithheldSegment),
  'a picture dropped': ({ device, dice }) => {
    const at = placesOf(device, isPicture)
    if (at.length === 0) return undefined
    device.objects.splice(dice.pick(at), 1)
    return 'itself'
  },
  'the end cut off': ({ device, dice }) => {
    const segments = placesOf(device, isSegment)
    const at = segments[1 + dice.below(segments.length - 1)]
    if (at === undefined) return undefined
    device.objects.splice(at)
    return 'heads'
  },
  'the beginning cut off': ({ device, dice }) => {
    const segments = placesOf(device, isSegment)
    const at = segments[1 + dice.below(segments.length - 1)]
    if (at === undefined) return undefined
    device.objects.splice(0, at)
    return 'fingerprint'
  },
  'a record edited': ({ device, dice }) => {
    const { object, lines, at } = lineOf(device, dice)
    lines[at] = edited(lines[at] ?? '', dice)
    object.lines = textOf(lines)
    return 'itself'
  },
  'a number edited': ({ device, dice }) => {
    const { object, lines, at } = lineOf(device, dice)
    lines[at] = (lines[at] ?? '').replace(
      /"(keys|clicks|length_ms|seq|width)":(\d+)/,
      (_, name, value) => `"${name}":${Number(value) + 1 + dice.below(99)}`,
    )
    object.lines = textOf(lines)
    return 'itself'
  },
  'a record dropped': ({ device, dice }) => {
    const { object, lines, at } = lineOf(device, dice)
    lines.splice(at, 1)
    object.lines = textOf(lines)
    return 'itself'
  },
  'a record made up': ({ device, dice }) => {
    const { object, lines, at } = lineOf(device, dice)
    const { seq, prev } = JSON.parse(lines[at] ?? '')
    const made = madeUpRecords({ seq: seq - 1, hash: prev }, 1, '2026-11-23T08:30:00.000Z').lines
    lines.splice(at, dice.below(2), ...made)
    object.lines = textOf(lines)
    return 'itself'
  },
  'records swapped': ({ device, dice }) => {
    const object = dice.pick(device.objects.filter(each => isShown(each) && linesIn(each).length > 1))
    if (!object || !isShown(object)) return undefined
    const lines = linesIn(object)
    const at = dice.below(lines.length - 1)
    lines.splice(at, 2, lines[at + 1] ?? '', lines[at] ?? '')
    object.lines = textOf(lines)
    return 'itself'
  },
  'minutes swapped': ({ device, dice }) => {
    const [one, other] = two(placesOf(device, isSegment), dice)
    if (one === undefined || other === undefined) return undefined
    swap(device.objects, one, other)
    return 'itself'
  },
  'the records of two minutes swapped under their heads': ({ device, dice }) => {
    const [one, other] = two(placesOf(device, isShown), dice).map(at => device.objects[at ?? -1])
    if (!one || !other || !isShown(one) || !isShown(other)) return undefined
    const { lines } = one
    one.lines = other.lines
    other.lines = lines
    return 'itself'
  },
  'a head edited': ({ device, dice }) => {
    const object = dice.pick(device.objects.filter(each => 'head' in each && each.head !== undefined))
    if (!object || !('head' in object) || object.head === undefined) return undefined
    object.head = withOtherCharacter(object.head, dice)
    return 'itself'
  },
  'a head repeated': ({ device, dice }) => {
    const at = dice.pick(placesOf(device, object => !isShown(object) || object.head !== undefined))
    const copied = structuredClone(device.objects[at])
    if (!copied) return undefined
    device.objects.splice(dice.below(device.objects.length + 1), 0, copied)
    return 'itself'
  },
  'a missing minute passed off as withheld': ({ device, dice, scene }) => {
    const at = dice.pick(placesOf(device, isSegment).slice(1, -1))
    const own = device.objects[at]
    const head = own && headOf(own)
    if (head?.form !== 2) return undefined
    const copied = headOf(dice.pick(scene.foreign.filter(object => headOf(object)?.form === 2)))
    const made: SignedHead[] = [
      { ...head, signature: copied?.signature ?? '' },
      signedBy(scene.forgersKey, { ...head, key: scene.forgersKey.publicKey }),
      signedBy(scene.forgersKey, head),
      ...(copied ? [copied] : []),
    ]
    device.objects[at] = { head: formatSignedHead(dice.pick(made)) }
    return 'itself'
  },
  'a shown minute passed off as withheld': ({ device, dice }) => {
    const at = dice.pick(placesOf(device, object => isShown(object) && headOf(object)?.form === 2))
    const object = device.objects[at]
    if (!object || !isShown(object) || object.head === undefined) return undefined
    device.objects[at] = { head: object.head }
    // Its picture then has no record here.
    return 'fingerprint'
  },
  'records made up for a withheld minute': ({ device, dice }) => {
    const at = dice.pick(placesOf(device, isWithheldSegment))
    const head = device.objects[at] && headOf(device.objects[at])
    if (head?.form !== 2) return undefined
    const { lines } = madeUpRecords(head.before, head.seq - head.before.seq, `${head.date}T12:00:00.000Z`)
    device.objects[at] = { head: formatSignedHead(head), lines: textOf(lines) }
    return 'itself'
  },
  'one minute signed by a foreign key': ({ device, dice, scene }) => {
    const at = dice.pick(placesOf(device, isSegment).slice(1))
    const object = device.objects[at]
    const head = object && headOf(object)
    if (!object || head?.form !== 2) return undefined
    const signed = signedBy(scene.forgersKey, { ...head, key: scene.forgersKey.publicKey })
    device.objects[at] = { ...object, head: formatSignedHead(signed) }
    return 'itself'
  },
  'minutes appended by a foreign key': ({ device, scene }) => {
    const last = device.objects.map(headOf).findLast(head => head?.form === 2)
    if (last?.form !== 2) return undefined
    const before = { seq: last.seq, hash: last.hash }
    const { lines, reached } = madeUpRecords(before, 3, `${last.date}T23:00:00.000Z`)
    const { publicKey: key } = scene.forgersKey
    const head = signedBy(scene.forgersKey, {
      ...last,
      kind: 'records',
      number: last.number + 1,
      before,
      ...reached,
      key,
    })
    device.objects.push({ head: formatSignedHead(head), lines: textOf(lines) })
    return 'itself'
  },
  'everything signed anew by a foreign key': ({ device, dice, scene }) => {
    const { publicKey: key } = scene.forgersKey
    const kept = device.objects.filter(object => !isPicture(object) && headOf(object)?.form === 2)
    if (kept.length === 0 || kept.filter(isShown).length === 0) return undefined
    const objects: ProofObject[] = []
    let before = { seq: 0, hash: '0'.repeat(64) }
    for (const object of kept) {
      const head = headOf(object)
      if (head?.form !== 2 || head.kind !== 'records') continue
      const { lines, reached } = madeUpRecords(before, 1 + dice.below(4), `${head.date}T10:00:00.000Z`)
      const signed = signedBy(scene.forgersKey, { ...head, before, ...reached, key })
      objects.push(
        isShown(object)
          ? { head: formatSignedHead(signed), lines: textOf(lines) }
          : { head: formatSignedHead(signed) },
      )
      before = reached
    }
    device.objects = objects
    return 'heads'
  },
  'an object of another device or date': ({ device, dice, scene }) => {
    const other = dice.pick(scene.foreign)
    device.objects.splice(1 + dice.below(device.objects.length), 0, structuredClone(other))
    return 'itself'
  },
  'under the name of another device': ({ device }) => {
    device.device = `${device.device}-2`
    return 'itself'
  },
  'a whole device dropped': ({ bundle, device }) => {
    bundle.devices.splice(bundle.devices.indexOf(device), 1)
    return 'heads'
  },
  'pictures exchanged': ({ device, dice, scene }) => {
    const at = dice.pick(placesOf(device, isPicture))
    const others = [...scene.foreign, ...device.objects].filter(isPicture)
    const [own, other] = [device.objects[at], dice.pick(others)]
    if (!own || !other || !isPicture(own) || own.sealed === other.sealed) return undefined
    device.objects[at] = { ...other }
    return 'itself'
  },
  'the bytes of a picture edited': ({ device, dice }) => {
    const object = device.objects[dice.pick(placesOf(device, isPicture))]
    if (!object || !isPicture(object)) return undefined
    object.sealed = withOtherBit(object.sealed, dice)
    return 'itself'
  },
  'a file key exchanged': ({ device, dice, scene }) => {
    const own = device.objects[dice.pick(placesOf(device, isPicture))]
    const other = dice.pick([...scene.foreign, ...device.objects].filter(isPicture))
    if (!own || !other || !isPicture(own)) return undefined
    own.file_key = own.file_key === other.file_key ? withOtherBit(own.file_key, dice) : other.file_key
    return 'itself'
  },
  'the sender’s words edited': ({ bundle, dice }) => {
    const edits = [
      () => {
        bundle.until = '2026-12-24'
      },
      () => {
        bundle.from = '2026-11-01'
      },
      () => {
        bundle.made_at = '2026-12-24T12:00:00.000Z'
      },
    ]
    dice.pick(edits)()
    return 'fingerprint'
  },
  'less claimed than is shown': ({ bundle, device }) => {
    if (!device.objects.some(isShown)) return undefined
    bundle.only = ['03:00-03:01']
    return 'itself'
  },
} satisfies Record<string, Forge>
export type ForgeryKind = keyof typeof forgeries
export const forgeryKinds = Object.keys(forgeries).filter((name): name is ForgeryKind => name in forgeries)

/** The same forgery for the same seed; undefined where this one cannot be done to this bundle. */
export function forge(scene: ForgeryScene, kind: ForgeryKind, seed: number): Forged | undefined {
  const random = seededRandom(seed)
  const below = (end: number) => Math.floor(random.uniform(0, end))
  const dice: Dice = {
    below,
    pick: from => from[below(from.length)] as (typeof from)[number],
    word: () => hash('sha256', String(random.uniform(0, 1)), 'base64url'),
  }
  const bundle = structuredClone(scene.bundle)
  const device = dice.pick(bundle.devices)
  const apply: Forge = forgeries[kind]
  const by = apply({ bundle, device, dice, scene })
  if (by === undefined || JSON.stringify(bundle) === JSON.stringify(scene.bundle)) return undefined
  return { kind, by, bundle }
}

/** At the edges of the history a hole is a cut. */
function dropping(what: (object: ProofObject) => boolean): Forge {
  return ({ device, dice }) => {
    const inner = placesOf(device, isSegment).slice(1, -1)
    const at = placesOf(device, what).filter(place => inner.includes(place))
    if (at.length === 0) return undefined
    device.objects.splice(dice.pick(at), 1)
    return 'itself'
  }
}

function placesOf({ objects }: ProofDevice, what: (object: ProofObject) => boolean): number[] {
  return objects.flatMap((object, index) => (what(object) ? [index] : []))
}

function lineOf(device: ProofDevice, dice: Dice) {
  const object = dice.pick(device.objects.filter(isShown))
  const lines = linesIn(object)
  return { object, lines, at: dice.below(lines.length) }
}

const linesIn = ({ lines }: Shown) => lines.split('\n').slice(0, -1)
const textOf = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('')

/** Another time, other words, another salt or link, a space more. */
function edited(line: string, dice: Dice): string {
  const edits = [
    () => line.replace(/T(\d\d):/, (_, hour) => `T${String((Number(hour) + 1) % 24).padStart(2, '0')}:`),
    () => line.replace('"kind":', `"note":"${dice.word()}","kind":`),
    () => line.replace(/"prev":"(.)/, (_, digit) => `"prev":"${digit === '0' ? '1' : '0'}`),
    () => line.replace(/"offset":"[^"]+"/, '"offset":"+05:45"'),
    () => `${line} `,
    () => `${line}\r`,
    () => withOtherCharacter(line, dice),
  ]
  return dice.pick(edits)()
}

function withOtherCharacter(text: string, dice: Dice): string {
  const at = dice.below(text.length)
  const other = text[at] === 'a' ? 'b' : 'a'
  return text.slice(0, at) + other + text.slice(at + 1)
}

function withOtherBit(base64: string, dice: Dice): string {
  const bytes = Uint8Array.fromBase64(base64)
  const at = dice.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
  return bytes.toBase64()
}

function two(from: readonly number[], dice: Dice): [number | undefined, number | undefined] {
  const one = dice.below(from.length - 1)
  return [from[one], from[one + 1 + dice.below(from.length - 1 - one)]]
}

function swap(objects: ProofObject[], one: number, other: number): void {
  const [first, second] = [objects[one], objects[other]]
  if (!first || !second) return
  objects[one] = second
  objects[other] = first
}

function signedBy(key: DeviceKey, head: Omit<SignedHead & { form: 2 }, 'signature'>): SignedHead {
  return { ...head, signature: key.sign(headStatement(head)) }
}
