export type KeyFinding =
  /** Signed, but not with a key that is trusted. */
  | { kind: 'signature-foreign'; object: string; key: string }
  /** A record names a key that is not trusted; from there on it counts as if it were. */
  | { kind: 'key-changed'; object: string; seq: number; key: string }

/** A record names another key, and it is one that was given. */
export type KeyNote = { kind: 'key-replaced'; object: string; seq: number; key: string }

/**
 * Which key speaks for a device at this place of its chain. One at a time: that a key was given makes it trusted, but
 * only a record of the chain makes it the next one, or the key of another device could sign here.
 */
export function createKeyTrust(given: readonly string[]) {
  let current: string | undefined
  const used = new Set<string>()
  const notes: KeyNote[] = []
  /** Signed with a key that was given and that no record has named yet. */
  const early = new Map<string, string[]>()

  return {
    /** @param named the keys that records of the object itself name */
    trusts(key: string, object: string, named: readonly string[]): boolean {
      if (current === undefined && (given.length === 0 || given.includes(key))) current = key
      const known = key === current || named.includes(key)
      if (!known && given.includes(key)) early.set(key, [...(early.get(key) ?? []), object])
      return known || given.includes(key)
    },

    /** It signed something that stands where it belongs. */
    use: (key: string): void => void used.add(key),

    /** By a record that counts. */
    named(object: string, { seq, key }: { seq: number; key: string }): KeyFinding[] {
      early.delete(key)
      if (key === current) return []
      const isFirst = current === undefined && given.length === 0
      const isGiven = given.includes(key)
      if (isGiven && current !== undefined) notes.push({ kind: 'key-replaced', object, seq, key })
      current = key
      return isFirst || isGiven ? [] : [{ kind: 'key-changed', object, seq, key }]
    },

    end: (): KeyFinding[] =>
      [...early].flatMap(([key, objects]) =>
        objects.map(object => ({ kind: 'signature-foreign' as const, object, key })),
      ),

    notes: () => notes,
    used: () => [...used],
  }
}
