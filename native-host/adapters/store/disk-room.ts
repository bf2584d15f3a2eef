import { accessSync, constants, statfsSync } from 'node:fs'
import { AppError } from '../../../protocol/errors.ts'
import type { Disk } from '../../kernel/ports.ts'
import { inStore } from '../../platform/files/store-error.ts'

/** Less would not hold a screenshot. What SQLite needs to get out of this state is kept aside in its ballast. */
const leastBytes = 256 * 1024

/** The disk that holds `folder`. Two system calls, some microseconds. */
export function diskRoom(folder: string): Disk {
  return {
    check() {
      inStore(folder, () => {
        // Fails on a file system that has become read-only, too.
        accessSync(folder, constants.W_OK | constants.X_OK)
        const { bavail, bsize, files, ffree } = statfsSync(folder)
        // Some file systems have no fixed number of files and say 0 of 0.
        if (bavail * bsize < leastBytes || (files > 0 && ffree === 0))
          throw new AppError('DISK_FULL', { detail: folder })
      })
    },
  }
}
