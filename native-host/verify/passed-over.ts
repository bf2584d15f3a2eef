/** A file in a folder of objects that is none. `wrong`: it may hide an object, and has to be reported. */
const passedOverKinds = {
  link: { wrong: false },
  pipe: { wrong: false },
  socket: { wrong: false },
  device: { wrong: false },
  name: { wrong: false },
  unreadable: { wrong: true },
  'too deep': { wrong: true },
  'no objects': { wrong: true },
  'too many': { wrong: true },
} as const
export type PassedOverKind = keyof typeof passedOverKinds

/** How many of a kind, and the first of them. */
export type PassedOver = { kind: PassedOverKind; count: number; path: string }

export type PassingOver = { note(kind: PassedOverKind, path: string): void; all(): PassedOver[] }

export function createPassingOver(): PassingOver {
  const kinds = new Map<PassedOverKind, PassedOver>()
  return {
    note(kind, path) {
      const known = kinds.get(kind)
      if (known) known.count += 1
      else kinds.set(kind, { kind, count: 1, path })
    },
    all: () => [...kinds.values()],
  }
}

export function isWrong({ kind }: PassedOver): boolean {
  return passedOverKinds[kind].wrong
}
