/** What lies in a folder of objects and is none. `wrong`: it hides what may be one, and has to be found. */
export const passedOverKinds = {
  link: { one: 'link', many: 'links', wrong: false },
  pipe: { one: 'pipe', many: 'pipes', wrong: false },
  socket: { one: 'socket', many: 'sockets', wrong: false },
  device: { one: 'device', many: 'devices', wrong: false },
  name: { one: 'name that is not UTF-8', many: 'names that are not UTF-8', wrong: false },
  unreadable: { one: 'folder that cannot be read', many: 'folders that cannot be read', wrong: true },
  'too deep': { one: 'folder that lies too deep', many: 'folders that lie too deep', wrong: true },
  'no objects': {
    one: 'path that was named and has no objects',
    many: 'paths that were named and have no objects',
    wrong: true,
  },
  'too many': {
    one: 'folder with more in it than is read',
    many: 'folders with more in them than is read',
    wrong: true,
  },
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

export function describePassedOver({ kind, count, path }: PassedOver): string {
  const { one, many } = passedOverKinds[kind]
  return count === 1
    ? `passed over: 1 ${one}, ${path}`
    : `passed over: ${count} ${many}, the first is ${path}`
}
