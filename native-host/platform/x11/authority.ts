import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { readFileWithin } from '../files/read-within.ts'
import { isFileError } from '../files/store-error.ts'

/**
 * The X library reads its whole authority file of any kind. So it is checked before, so that a device or a
 * file without an end is refused first.
 * @throws AppError FILE_UNREADABLE | PLACE_NOT_SAFE
 */
export function checkXAuthority(): void {
  const named = process.env.XAUTHORITY
  const paths = named ? [named] : ['.Xauthority', 'Xauthority'].map(name => join(homedir(), name))
  for (const path of paths) {
    try {
      readFileWithin(path, budgets.xAuthority.most)
    } catch (error) {
      if (error instanceof AppError) throw error
      // The library finds out the same, and says what it means.
      if (!isFileError(error, 'ENOENT')) return
    }
  }
}
