import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../protocol/errors.ts'
import { isFileError } from '../../../platform/files/store-error.ts'
import { writeDurably } from '../../../platform/files/write-durably.ts'

/**
 * A drive that is not plugged in often leaves an empty folder where it would be. The file of this name, left in the
 * folder when it was chosen, tells the two apart.
 */
export const markName = '.activity-tracker'

const words = `Activity Tracker delivers to this folder. Without this file it takes the folder for the empty place of a drive
that is not plugged in, and waits.
`

/** @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function markFolder(root: string): Promise<void> {
  if (!(await isMarked(root))) await writeDurably(join(root, markName), new TextEncoder().encode(words))
}

/** @throws AppError DELIVERY_FOLDER_MISSING | DELIVERY_FOLDER_UNMARKED, or what else the system says of the folder */
export async function checkMark(root: string): Promise<void> {
  if (await isMarked(root)) return
  const folder = await stat(root).catch(unlessMissing)
  if (!folder?.isDirectory()) throw new AppError('DELIVERY_FOLDER_MISSING', { detail: root })
  throw new AppError('DELIVERY_FOLDER_UNMARKED', { detail: join(root, markName) })
}

async function isMarked(root: string): Promise<boolean> {
  return (await stat(join(root, markName)).catch(unlessMissing)) !== undefined
}

function unlessMissing(error: unknown): undefined {
  if (!isFileError(error, 'ENOENT') && !isFileError(error, 'ENOTDIR')) throw error
}
