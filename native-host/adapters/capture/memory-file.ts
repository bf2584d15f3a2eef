import { closeSync, ftruncateSync, openSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Memory that other processes can be handed: a file on a tmpfs that has no name any more. */
export type MemoryFile = Disposable & { readonly fd: number; readonly bytes: number; readonly path: string }

/** Mounted on every Linux: file systems in memory only (shm_overview(7)). */
const folder = '/dev/shm'
let made = 0

/** @throws Error when there is no such file system or no room in it */
export function createMemoryFile(bytes: number): MemoryFile {
  const name = join(folder, `activity-tracker-${process.pid}-${made++}`)
  // Not to be lured into a file or link that somebody put there.
  const fd = openSync(name, 'wx+', 0o600)
  try {
    unlinkSync(name)
    ftruncateSync(fd, bytes)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  let open = true
  return {
    fd,
    bytes,
    path: `/proc/${process.pid}/fd/${fd}`,
    [Symbol.dispose]() {
      if (open) closeSync(fd)
      open = false
    },
  }
}
