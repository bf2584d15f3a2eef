import { closeSync, fstatSync, ftruncateSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'

/** Memory that other processes can be handed: a file on a tmpfs that has no name any more. */
export type MemoryFile = Disposable & {
  readonly fd: number
  readonly bytes: number
  readonly path: string
  /** @throws AppError CAPTURE_NO_ROOM */
  write(part: Uint8Array, position: number): void
  /**
   * That the first `bytes` of it are there. Where a file system in memory is full, what a server writes is lost without
   * a word, and is read as black.
   * @throws AppError CAPTURE_NO_ROOM
   */
  proveWritten(bytes: number): void
  /**
   * That a program which failed had not too little of it: what lies in the file and what is free make `bytes`.
   * @throws AppError CAPTURE_NO_ROOM
   */
  proveRoom(bytes: number): void
}

/** Mounted on every Linux: file systems in memory only (shm_overview(7)). */
const folder = '/dev/shm'
/** `st_blocks` counts in these on every file system (stat(2)). */
const blockBytes = 512
let made = 0

/** @throws AppError CAPTURE_NO_ROOM | Error when there is no such file system */
export function createMemoryFile(bytes: number): MemoryFile {
  // A file can be longer than the room that there is for it.
  if (freeBytes() < bytes) throw noRoom(bytes)
  const name = join(folder, `activity-tracker-${process.pid}-${made++}`)
  // Never into a file or link that was placed there.
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
    write(part, position) {
      try {
        for (let done = 0; done < part.length; )
          done += writeSync(fd, part, done, part.length - done, position + done)
      } catch (cause) {
        throw noRoom(part.length, cause)
      }
    },
    proveWritten(needed) {
      if (fstatSync(fd).blocks * blockBytes < needed) throw noRoom(needed)
    },
    proveRoom(needed) {
      if (freeBytes() + fstatSync(fd).blocks * blockBytes < needed) throw noRoom(needed)
    },
    [Symbol.dispose]() {
      if (open) closeSync(fd)
      open = false
    },
  }
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function noRoom(bytes: number, cause?: unknown): AppError {
  return new AppError('CAPTURE_NO_ROOM', {
    detail: `${Math.ceil(bytes / 1024 / 1024)} MiB needed`,
    cause,
  })
}
