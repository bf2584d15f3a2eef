import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { safeFolders } from '../../platform/process/safe-path.ts'

/** Whether the program can be started by its name: looked for where it will be. */
export async function isOnPath(tool: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const candidates = safeFolders(env.PATH).map(folder => join(folder, tool))
  const found = await Promise.all(
    candidates.map(file =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
