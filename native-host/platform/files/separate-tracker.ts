import { readOwnFile } from './own-files.ts'
import type { Places } from './places.ts'
import { makeFolder, writeNewDurably } from './write-durably.ts'

/**
 * A second tracker of an account, with its own keys and records. A variable of one shell starts none: only the command
 * `separate` puts this mark into a folder, and ACTIVITY_TRACKER_HOME leads to marked folders alone (docs/decisions/0031).
 */
const explanation = `This folder holds a second tracker, which was made with: activity-tracker separate
ACTIVITY_TRACKER_HOME leads to it only while this file is here.
`

type Separate = Pick<Places, 'home' | 'separateMark'>

/** @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE */
export function isSeparate({ separateMark }: Separate): boolean {
  return readOwnFile(separateMark, 'open to read') !== undefined
}

/** @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function makeSeparate({ home, separateMark }: Separate): Promise<void> {
  makeFolder(home)
  await writeNewDurably(separateMark, new TextEncoder().encode(explanation))
}
