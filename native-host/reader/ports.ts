import type { SignedHead } from '../journal/chain-head.ts'
import type { LinkedLine } from '../verify/linked-line.ts'

/** What an object says by itself, whatever lies around it: bytes that have the hash of its name always say the same. */
export type ObjectFacts = {
  head: SignedHead | undefined
  /** As SeenObject has it. */
  rest: string | undefined
  /** The signature of the head fits the key that it names. */
  isSigned: boolean
  /** Of a segment; undefined for a screenshot. */
  lines: readonly LinkedLine[] | undefined
}

/** An object in a cache. Names hold the hash of the bytes. */
export type CachedName = { device: string; name: string }

/**
 * Keeps what was read of objects, decrypted. It may forget anything at any time, and gives nothing that is not what it
 * was given. It never fails: what cannot be kept is read again.
 */
export type ObjectCache = {
  /** `stamp` as it was when the bytes were last compared with the name. */
  find(object: CachedName): { stamp: string; facts: ObjectFacts } | undefined
  keep(object: CachedName, stamp: string, facts: ObjectFacts): void
  /** All of `work` is kept at once, or nothing of it. */
  together<T>(work: () => T): T
}
