import type { ChainHead, SignedHead } from '../journal/chain-head.ts'
import { createKeyTrust, type KeyFinding } from './check-keys.ts'

/** An object as it was found, before its content is read. */
export type SeenObject = {
  /** Without its folders. */
  name: string
  /** The parts of its name, and of its folders where they are those of a tracker. */
  place: {
    device: string | undefined
    date: string | undefined
    number: number
    kind: 'records' | 'screenshot'
  }
  head: SignedHead | undefined
  /** The result of `hashOfRest` for its bytes; only for form 2. */
  rest: string | undefined
}

export type HeadFinding =
  | KeyFinding
  /** Not signed, though objects before it are, or a key was given and nothing after it is either. */
  | { kind: 'signature-missing'; object: string }
  /** The signature does not match the key that it names. */
  | { kind: 'signature-wrong'; object: string }
  /** It was made for another object. */
  | { kind: 'signature-copied'; object: string }
  /** In the old form, though objects before it have the new one, or there can be none of the old one. */
  | { kind: 'form-old'; object: string }
  /** Its name or folder is not the one that it was signed for. */
  | { kind: 'object-moved'; object: string; from: string }
  /** All of it is stored under the name of another device. */
  | { kind: 'device-renamed'; object: string; device: string }
  /** Another stanza stands in the place of the signed head. */
  | { kind: 'head-contradicted'; object: string; seq: number }

/** The chain once was longer: an object that was sealed later says so. */
export type EndMissing = { object: string; from: number; to: number }

export type HeadProofs = {
  isSigned(head: SignedHead): boolean
  /** Public keys, those of one device with commas between them; without any, the first one that signs is trusted. */
  trusted: readonly string[]
}

export type Judged = {
  findings: HeadFinding[]
  /** Given when it can be relied on. */
  head: SignedHead | undefined
  /** Whether its content may count: unsigned records do until the first signature, which covers them. */
  counts: boolean
}

/** How many records back a head may point: pictures are held back for up to an hour before they are delivered. */
const remembered = 10_000

type State = {
  keys: ReturnType<typeof createKeyTrust>
  recent: Map<number, string>
  /** Of records that have not come yet. */
  awaited: Map<number, { hash: string; object: string }>
  /** Of the newest object so far that was signed and in order. 0: none was. */
  form: 0 | 1 | 2
  device: string | undefined
  firstSigned: number | undefined
  /** Before the first of form 2, which says whether there can be any. */
  old: string[]
  oldAllowed: boolean | undefined
}

/** Checks the headers of one device's objects, each against its place and against the existing records. */
export function createHeadCheck({ isSigned, trusted }: HeadProofs) {
  const keys = createKeyTrust(trusted)
  const state: State = {
    keys,
    recent: new Map(),
    awaited: new Map(),
    form: 0,
    device: undefined,
    firstSigned: undefined,
    old: [],
    oldAllowed: undefined,
  }
  return {
    keys,

    /** @param named the keys that records of the object itself name */
    judge: (object: SeenObject, named: readonly string[] = []): Judged =>
      judge(state, isSigned, object, named),

    /** Takes every record in order. */
    pass: (record: ChainHead): HeadFinding[] => pass(state, record),

    /** Takes the chain head of an object that holds no records itself. */
    compare(object: string, head: ChainHead, last: ChainHead): HeadFinding[] {
      if (head.seq > last.seq) {
        state.awaited.set(head.seq, { hash: head.hash, object })
        return []
      }
      const known = state.recent.get(head.seq)
      return known === undefined || known === head.hash
        ? []
        : [{ kind: 'head-contradicted', object, seq: head.seq }]
    },

    /** Objects that no signature covers, although signatures are required. */
    end(): HeadFinding[] {
      const uncovered = state.form === 0 && trusted.length > 0 ? state.old : []
      return [...keys.end(), ...uncovered.map(object => ({ kind: 'signature-missing' as const, object }))]
    },

    missingEnd(last: ChainHead): EndMissing | undefined {
      const to = Math.max(0, ...state.awaited.keys())
      const object = state.awaited.get(to)?.object
      return object !== undefined && to > last.seq ? { object, from: last.seq + 1, to } : undefined
    },

    summary: () => ({ device: state.device, firstSigned: state.firstSigned, keys: keys.used() }),
  }
}

function judge(
  state: State,
  isSigned: HeadProofs['isSigned'],
  object: SeenObject,
  named: readonly string[],
): Judged {
  const { head, name } = object
  if (!head) {
    if (state.form < 2) state.old.push(name)
    return {
      findings: state.form > 0 ? [{ kind: 'signature-missing', object: name }] : [],
      head: undefined,
      counts: state.form < 2,
    }
  }
  const wrong: HeadFinding | undefined = isSigned(head)
    ? flaw(state, object, head, named)
    : { kind: 'signature-wrong', object: name }
  if (wrong) return { findings: [wrong], head: undefined, counts: state.form < 2 && head.form === 1 }
  const moved = whereFrom(state, object, head)
  if (moved?.kind === 'object-moved') return { findings: [moved], head, counts: false }
  if (head.form === 1) state.old.push(name)
  state.form = head.form
  state.keys.use(head.key)
  state.firstSigned ??= head.seq
  return { findings: [...(moved ? [moved] : []), ...oldOnes(state, object, head)], head, counts: true }
}

/** The reason why a signed head cannot be relied on at all. */
function flaw(
  { keys, form }: State,
  { name: object, rest }: SeenObject,
  head: SignedHead,
  named: readonly string[],
): HeadFinding | undefined {
  if (head.form === 2 && head.rest !== rest) return { kind: 'signature-copied', object }
  if (!keys.trusts(head.key, object, named)) return { kind: 'signature-foreign', object, key: head.key }
  return head.form === 1 && form === 2 ? { kind: 'form-old', object } : undefined
}

/** The first signed object names the device, with any name of the folder. */
function whereFrom(
  state: State,
  { name: object, place }: SeenObject,
  head: SignedHead,
): HeadFinding | undefined {
  const isFirst = state.device === undefined
  state.device ??= head.device
  const { device } = state
  const moved =
    head.device !== device ||
    (head.form === 2 &&
      (head.number !== place.number ||
        head.kind !== place.kind ||
        (place.date !== undefined && place.date !== head.date)))
  if (moved) {
    const from = head.form === 2 ? `${head.device}/${head.date}/${head.number} (${head.kind})` : head.device
    return { kind: 'object-moved', object, from }
  }
  const renamed = isFirst && place.device !== undefined && place.device !== device
  return renamed ? { kind: 'device-renamed', object, device } : undefined
}

/** The first segment of form 2 says what it follows: before the very first record there was nothing. */
function oldOnes(state: State, { place }: SeenObject, head: SignedHead): HeadFinding[] {
  if (state.oldAllowed !== undefined || head.form === 1 || place.kind !== 'records') return []
  state.oldAllowed = head.before.seq > 0
  const names = state.oldAllowed ? [] : state.old
  state.old = []
  return names.map(object => ({ kind: 'form-old', object }))
}

function pass({ recent, awaited }: State, { seq, hash }: ChainHead): HeadFinding[] {
  recent.set(seq, hash)
  const [oldest] = recent.keys()
  if (recent.size > remembered && oldest !== undefined) recent.delete(oldest)
  const said = awaited.get(seq)
  awaited.delete(seq)
  // Heads of records that never came, which are a finding of their own.
  if (awaited.size > remembered) for (const past of awaited.keys()) if (past < seq) awaited.delete(past)
  return said && said.hash !== hash ? [{ kind: 'head-contradicted', object: said.object, seq }] : []
}
