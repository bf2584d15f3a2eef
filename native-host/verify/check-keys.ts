export type KeyFinding =
  /** Signed, but not with a key that is trusted. */
  | { kind: 'signature-foreign'; object: string; key: string }
  /** A record names a key that is not trusted; from there on it counts as if it were. */
  | { kind: 'key-changed'; object: string; seq: number; key: string }

/** A record names another key, and it is the one that was given as its successor. */
export type KeyNote = { kind: 'key-replaced'; object: string; seq: number; key: string }

/**
 * Which key speaks for a device at this place of its chain. One at a time: that a key was given makes it trusted, but
 * only a record of the chain makes it the next one, and only where it was given as that; or the holder of another
 * device's key could go on with this history.
 * @param lines the keys of each device, in their order, with commas between them
 */
export function createKeyTrust(lines: readonly string[]) {
  const devices = lines.map(keysOf)
  const given = devices.flat()
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
      const isGiven = mayFollow(current, key)
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

  function mayFollow(before: string | undefined, key: string): boolean {
    if (before === undefined) return given.includes(key)
    return devices.some(keys => keys.includes(before) && keys.indexOf(key) > keys.indexOf(before))
  }
}

/** OLD,NEW: the keys of one device, each replaced by the next. */
export function keysOf(line: string): string[] {
  return line.split(',')
}
