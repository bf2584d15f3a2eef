import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Whether the program can be started by its name. */
export async function isOnPath(tool: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const candidates = (env.PATH ?? '').split(delimiter).map(folder => join(folder, tool))
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
