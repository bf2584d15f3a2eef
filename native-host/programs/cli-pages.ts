import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../protocol/errors.ts'
import type { PageAccess } from '../commands/context.ts'

/** The pages that the build made. Belongs to cli.ts. */
export function pageAccess(dist: string): PageAccess {
  return {
    async *fill(name, data, pictures) {
      const { fillPage } = await import('../adapters/reading/html-page.ts')
      yield* fillPage(await templateOf(join(dist, 'native-host', 'pages', `${name}.html`)), data, pictures)
    },
  }
}

async function templateOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('NOT_BUILT', { detail: path, cause })
  }
}
