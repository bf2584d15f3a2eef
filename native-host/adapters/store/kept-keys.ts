import type { ConfirmedKeys } from '../../config/key-set.ts'
import type { KeyFacts } from '../../config/ports.ts'
import type { Memory } from '../../kernel/ports.ts'
import { recallFrom } from './memory-sqlite.ts'

/** The keys that the database knows as confirmed; a release before this one kept there only what the records said. */
export function recallConfirmed({ get: recall }: Pick<Memory<KeyFacts>, 'get'>): ConfirmedKeys | undefined {
  const recorded = recall('keys')
  return recall('keys_confirmed') ?? (recorded && { ...recorded, revision: 0, before: [] })
}

/** For the command line, which opens no database of a tracker that may run. */
export function readKnownKeys(stateDb: string): ConfirmedKeys | undefined {
  return recallConfirmed({ get: key => recallFrom(stateDb, key) })
}
