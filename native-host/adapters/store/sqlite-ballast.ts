import { randomBytes } from 'node:crypto'
import { lstatSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'

/** Room for opening the database, which needs 32 KiB, and for some deletions, which take a few pages each. */
const ballastBytes = 256 * 1024

/**
 * Does work that a full disk must not prevent because it is the way out of it: SQLite needs room even to delete.
 * Such room is kept occupied by a file beside the database, and given up here.
 */
export function withBallast<T>(database: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'DISK_FULL') || !dropBallast(database)) throw error
    return work()
  }
}

/** Takes the room again if there is plenty; without it everything works but a full disk. */
export function refillBallast(database: string): void {
  const path = ballastOf(database)
  if (sizeOf(path) === ballastBytes) return
  try {
    const { bavail, bsize } = statfsSync(dirname(database))
    if (bavail * bsize < 4 * ballastBytes) return
    // What lies there is not written into: it may be a link.
    rmSync(path, { force: true })
    // Random, because some file systems store zeros without taking any room.
    writeFileSync(path, randomBytes(ballastBytes), { mode: 0o600, flag: 'wx' })
  } catch {
    // The disk cannot be written, which the next thing worth storing will report.
  }
}

function dropBallast(database: string): boolean {
  const path = ballastOf(database)
  const there = sizeOf(path) > 0
  rmSync(path, { force: true })
  return there
}

function ballastOf(database: string): string {
  return join(dirname(database), 'ballast')
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
}
