import { existsSync } from 'node:fs'
import { access, constants, open, rm, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { formatBytes } from '../../../../protocol/byte-size.ts'
import { AppError } from '../../../../protocol/errors.ts'
import type { DestinationCheck } from '../../../network/ports.ts'
import { removeBestEffort } from '../../../platform/files/write-durably.ts'
import { checkMark } from './mark.ts'

/**
 * Delivering writes and syncs files: so one is written and synced, and removed again. `own` is the tracker's own
 * folder, which its first start makes; a chosen one has to be there.
 */
export function checkFolder(
  path: string,
  whose: 'own' | 'chosen',
): Extract<DestinationCheck, { kind: 'folder' }> {
  const root = resolve(path)
  return {
    kind: 'folder',
    where: root,
    async tryOut() {
      if (whose === 'own' && !existsSync(root)) return 'will be created at the first start'
      await checkThere(root)
      // The name is that of an unfinished delivery: if this process dies now, the next delivery clears it away.
      const file = join(root, `connection-test.${process.pid}.tmp`)
      try {
        await access(root, constants.W_OK | constants.X_OK)
        {
          await using handle = await open(file, 'wx', 0o600)
          await handle.writeFile(new Uint8Array(4096))
          await handle.sync()
        }
        await rm(file)
      } catch (cause) {
        await removeBestEffort(file)
        throw new AppError('DELIVERY_FOLDER_NOT_WRITABLE', { detail: root, cause })
      }
      const { bavail, bsize } = await statfs(root)
      return `writable; ${formatBytes(bavail * bsize)} free`
    },
  }
}

async function checkThere(root: string): Promise<void> {
  try {
    await checkMark(root)
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError('DELIVERY_FOLDER_NOT_WRITABLE', { detail: root, cause: error })
  }
}
