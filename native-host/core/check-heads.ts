import type { ChainHead, SignedHead } from './chain-head.ts'

export type HeadFinding =
  /** Segments before it were signed, and this one is not. */
  | { kind: 'signature-missing'; object: string; from: number; to: number }
  /** Nobody who holds the key that it names has signed this. */
  | { kind: 'signature-wrong'; object: string }
  /** Signed, but not with a key that is trusted. */
  | { kind: 'signature-foreign'; object: string; key: string }
  /** A record names a key that is not trusted; from there on it counts as if it were. */
  | { kind: 'key-changed'; object: string; seq: number; key: string }
  /** Something else stands where the signed head was. */
  | { kind: 'head-contradicted'; object: string; seq: number }
  /** The chain once was longer: an object that was sealed later says so. */
  | { kind: 'end-missing'; object: string; from: number; to: number }

export type HeadProofs = {
  isSigned(head: SignedHead): boolean
  /** Public keys of the device; without any, the first one that signs is trusted. */
  trusted: readonly string[]
}

/** How many records back a head may point: pictures are held back for up to an hour before they are delivered. */
const remembered = 10_000

/** What the signed heads of one device say, each against the records that there are. */
export function createHeadCheck({ isSigned, trusted: given }: HeadProofs) {
  const trusted = new Set(given)
  const recent = new Map<number, string>()
  /** Of records that have not come yet. */
  const awaited = new Map<number, { hash: string; object: string }>()
  let firstSigned: number | undefined

  return {
    /** Every record in its turn. */
    pass({ seq, hash }: ChainHead): HeadFinding[] {
      recent.set(seq, hash)
      const [oldest] = recent.keys()
      if (recent.size > remembered && oldest !== undefined) recent.delete(oldest)
      const said = awaited.get(seq)
      awaited.delete(seq)
      // Those of records that never came, which was found as such.
      if (awaited.size > remembered) for (const past of awaited.keys()) if (past < seq) awaited.delete(past)
      return said && said.hash !== hash ? [{ kind: 'head-contradicted', object: said.object, seq }] : []
    },

    named(object: string, { seq, key }: { seq: number; key: string }): HeadFinding[] {
      const isTrusted = trusts(key)
      trusted.add(key)
      return isTrusted ? [] : [{ kind: 'key-changed', object, seq, key }]
    },

    /** The head is given back when it can be relied on. */
    ofSegment(
      object: string,
      head: SignedHead | undefined,
      { from, to }: { from: number; to: number },
    ): { findings: HeadFinding[]; head?: SignedHead } {
      if (!head)
        return {
          findings: expectsSignature() ? [{ kind: 'signature-missing', object, from, to }] : [],
        }
      const findings = judge(object, head)
      if (findings.length > 0) return { findings }
      firstSigned ??= head.seq
      return { findings, head }
    },

    ofOther(object: string, head: SignedHead, last: ChainHead): HeadFinding[] {
      const findings = judge(object, head)
      if (findings.length > 0) return findings
      if (head.seq > last.seq) {
        awaited.set(head.seq, { hash: head.hash, object })
        return []
      }
      const known = recent.get(head.seq)
      return known === undefined || known === head.hash
        ? []
        : [{ kind: 'head-contradicted', object, seq: head.seq }]
    },

    end(last: ChainHead): HeadFinding[] {
      const to = Math.max(0, ...awaited.keys())
      const object = awaited.get(to)?.object
      return object !== undefined && to > last.seq
        ? [{ kind: 'end-missing', object, from: last.seq + 1, to }]
        : []
    },

    summary: () => ({ keys: [...trusted], firstSigned }),
  }

  function judge(object: string, head: SignedHead): HeadFinding[] {
    if (!isSigned(head)) return [{ kind: 'signature-wrong', object }]
    if (!trusts(head.key)) return [{ kind: 'signature-foreign', object, key: head.key }]
    trusted.add(head.key)
    return []
  }

  function trusts(key: string): boolean {
    return trusted.size === 0 || trusted.has(key)
  }

  function expectsSignature(): boolean {
    return firstSigned !== undefined || given.length > 0
  }
}
