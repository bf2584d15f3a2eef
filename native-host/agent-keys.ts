import { type Problem, toProblem } from '../protocol/errors.ts'
import type { Status } from '../protocol/status.ts'
import type { Places } from './adapters/base/places.ts'
import { ensureKeys, hasIdentity, readRecipients } from './adapters/seal/keys.ts'
import { createCell, type ReadonlyCell } from './core/cell.ts'

export type Keys = {
  current: ReadonlyCell<Status['keys']>
  /** Why there may be no recipients: the file is empty, or a line of it is no recipient. */
  problem: ReadonlyCell<Problem | undefined>
  /** Reads the files anew. */
  reload(): Promise<void>
}

/**
 * Who can open what is recorded. A recipients file that cannot be read is a state that everyone sees and not the end
 * of the agent: records wait unsealed in the journal until it is mended. Belongs to the agent's root.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function openKeys(places: Places): Promise<Keys> {
  const current = createCell<Status['keys']>({ recipients: [], identity_here: false, recovery_file: null })
  const problem = createCell<Problem | undefined>(undefined)
  const keys: Keys = {
    current,
    problem,
    async reload() {
      const here = await hasIdentity(places)
      let recipients: readonly string[] = []
      try {
        recipients = await readRecipients(places)
        problem.set(undefined)
      } catch (error) {
        problem.set(toProblem(error))
      }
      current.set({
        recipients: [...recipients],
        identity_here: here,
        recovery_file: here ? places.identity : null,
      })
    },
  }
  await ensureKeys(places)
  await keys.reload()
  return keys
}
