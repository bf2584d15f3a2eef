import { basename, dirname } from 'node:path'

/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included (unix(7)). */
const longestSocketPath = 103

/**
 * Does `act` with a path that fits into the address of a socket. A longer one is named from its own folder, where this
 * process stands meanwhile; so `act` must not wait for anything before it has used the path.
 */
export function atShortPath<T>(path: string, act: (short: string) => T): T {
  if (process.platform === 'win32' || Buffer.byteLength(path) <= longestSocketPath) return act(path)
  const before = standing()
  process.chdir(dirname(path))
  try {
    return act(basename(path))
  } finally {
    if (before !== undefined) process.chdir(before)
  }
}

/** undefined when the folder is gone: then there is none to go back to. */
function standing(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}
