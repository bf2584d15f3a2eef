/** How far the journal's chain has got: the number of its last record, and that record's link (chain-link.ts). */
export type ChainHead = { seq: number; hash: string }

/** What the name of an object states, except the hash of its bytes. */
export type ObjectPlace = {
  /** Its place in the queue. */
  number: number
  /** UTC. */
  date: string
  kind: 'records' | 'screenshot'
}

/** The content of an object's header: its place, the record that it follows, and the last one that it holds. */
export type HeadClaim = ObjectPlace & { before: ChainHead; reached: ChainHead }

/**
 * What the tracker of one device states in the header of an object. Anyone can read it; it says nothing about
 * the person.
 */
export type SignedHead = ChainHead & {
  device: string
  /** Ed25519, 32 bytes in base64url. */
  key: string
  /** Of `headStatement`, 64 bytes in base64url. */
  signature: string
} & (
    | { form: 1 }
    /** `rest` is the hash of everything else in the object (sealed-head.ts). */
    | ({ form: 2; before: ChainHead; rest: string } & ObjectPlace)
  )
export type SignedHead2 = Extract<SignedHead, { form: 2 }>

type Unsigned<H> = H extends unknown ? Omit<H, 'signature'> : never
/** A head before it is signed. */
export type HeadSaid = Unsigned<SignedHead>

/** The exact text that is signed. Its first line keeps a signature from applying to anything else. */
export function headStatement(head: HeadSaid): string {
  switch (head.form) {
    case 1:
      return `activity-tracker chain head 1\n${head.device}\n${head.seq}\n${head.hash}\n`
    case 2:
      return ['activity-tracker head 2', ...headArguments(head).slice(1), ''].join('\n')
    default:
      throw head satisfies never
  }
}

/**
 * In the header of an age file a head is a stanza of its own, which programs that do not know it pass over
 * (https://c2sp.org/age). Its body is the signature, and its arguments are, in this order,
 * of form 1 `<device> <seq> <hash> <key>` and of form 2
 * `<device> <date> <number> <kind> <seq before> <hash before> <seq> <hash> <rest> <key>`.
 */
const stanzas = { 1: 'activity-tracker/head', 2: 'activity-tracker/head/2' } as const

export function headArguments(head: HeadSaid): string[] {
  const { device, seq, hash, key } = head
  switch (head.form) {
    case 1:
      return [stanzas[1], device, String(seq), hash, key]
    case 2: {
      const { date, number, kind, before, rest } = head
      const from = [String(before.seq), before.hash]
      return [stanzas[2], device, date, String(number), kind, ...from, String(seq), hash, rest, key]
    }
    default:
      throw head satisfies never
  }
}

const number = '0|[1-9]\\d{0,14}'
const hash = '[0-9a-f]{64}'
const device = '[\\x21-\\x7e]+'
const key = '[A-Za-z0-9_-]{43}'
const form1 = new RegExp(`^${stanzas[1]} (${device}) ([1-9]\\d{0,14}) (${hash}) (${key})$`)
const form2 = new RegExp(
  `^${stanzas[2]} (${device}) (\\d{4}-\\d\\d-\\d\\d) (${number}) (records|screenshot) ` +
    `(${number}) (${hash}) (${number}) (${hash}) (${hash}) (${key})$`,
)

/** undefined for another stanza, or one that does not have either form to the letter. */
export function parseHeadArguments(args: readonly string[]): HeadSaid | undefined {
  const line = args.join(' ')
  const old = form1.exec(line)
  if (old) {
    const [, device = '', seq, hash = '', key = ''] = old
    return { form: 1, device, seq: Number(seq), hash, key }
  }
  const now = form2.exec(line)
  if (!now) return undefined
  const [
    ,
    device = '',
    date = '',
    number,
    kind,
    seqBefore,
    hashBefore = '',
    seq,
    hash = '',
    rest = '',
    key = '',
  ] = now
  return {
    form: 2,
    ...{ device, date, number: Number(number), kind: kind === 'records' ? 'records' : 'screenshot' },
    before: { seq: Number(seqBefore), hash: hashBefore },
    ...{ seq: Number(seq), hash, rest, key },
  }
}

/** The date in the name of an object that began at this moment. */
export function dateInName(at: Temporal.Instant): string {
  return at.toString().slice(0, 10)
}
