import type { ProofObject } from '../../protocol/proof.ts'
import { parseSignedHead } from '../journal/sealed-head.ts'
import type { SeenObject } from '../verify/check-heads.ts'
import type { PictureFacts, ProofFacts } from './gather-facts.ts'

/** An object of a bundle; `seen` as the check of heads takes one. */
export type ReadObject =
  | { kind: 'unreadable'; name: string }
  | { kind: 'segment'; seen: SeenObject; lines: string[] }
  | { kind: 'withheld'; seen: SeenObject }
  /** `facts` of one that is shown. */
  | { kind: 'picture'; seen: SeenObject; shown?: { object: ProofObject; facts: PictureFacts } }

type Where = { index: number; device: string; facts: ProofFacts }

export function readObject(object: ProofObject, where: Where): ReadObject {
  const unreadable = { kind: 'unreadable' as const, name: `object ${where.index + 1}` }
  if ('sealed' in object) {
    const facts = where.facts.pictureOf(object)
    if (!facts) return unreadable
    const seen = seenAs('screenshot', facts.head, facts.rest, where)
    return { kind: 'picture', seen, shown: { object, facts } }
  }
  const head = object.head === undefined ? undefined : parseSignedHead(object.head)
  if (object.head !== undefined && !head) return unreadable
  // The bytes of a segment are not here: its lines are proven by the chain, and a withheld one by its head alone.
  const rest = head?.form === 2 ? head.rest : undefined
  if ('lines' in object) {
    const lines = object.lines.split('\n')
    // Text that UTF-8 cannot hold would have the hash of another one.
    if (lines.pop() !== '' || lines.length === 0 || !object.lines.isWellFormed()) return unreadable
    return { kind: 'segment', seen: seenAs('records', head, rest, where), lines }
  }
  if (head?.form !== 2) return unreadable
  const seen = seenAs(head.kind, head, rest, where)
  return { kind: head.kind === 'records' ? 'withheld' : 'picture', seen }
}

/** A bundle has no names: what a head says of its place is proven by its signature and by the order. */
function seenAs(
  kind: SeenObject['place']['kind'],
  head: SeenObject['head'],
  rest: string | undefined,
  { index, device }: Where,
): SeenObject {
  const [date, number] = head?.form === 2 ? [head.date, head.number] : [undefined, index + 1]
  const what = kind === 'records' ? 'segment' : 'screenshot'
  const name = head?.form === 2 ? `${what} ${number}` : `object ${index + 1}`
  return { name, place: { device, date, number, kind }, head, rest }
}
