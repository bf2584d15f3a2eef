import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../../protocol/errors.ts'
import { decodeText } from '../../../config/decode-text.ts'
import { budgets } from '../../../kernel/budgets.ts'
import { parseIni } from '../../../kernel/ini.ts'
import { namesWithin, readFileWithin } from '../../../platform/files/read-within.ts'

/** In a cache of tokens there is one file for each login. */
const mostTokens = 1000

/**
 * The SDK reads whole files of any kind: those of the AWS tools, the tokens that they keep and those that
 * variables and profiles name. They are looked at before, so that a device or a file without an end is refused first.
 * @throws AppError FILE_UNREADABLE
 */
export function checkAwsFiles(env: NodeJS.ProcessEnv): void {
  const folder = join(homedir(), '.aws')
  const inis = [
    env.AWS_CONFIG_FILE || join(folder, 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
  ]
  const named = inis.flatMap(path => tokenFilesIn(readBounded(path)))
  const variables = [env.AWS_WEB_IDENTITY_TOKEN_FILE, env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE]
  const caches = [
    join(folder, 'sso', 'cache'),
    env.AWS_LOGIN_CACHE_DIRECTORY || join(folder, 'login', 'cache'),
  ]
  const paths = [...variables, ...named, ...caches.flatMap(filesIn)]
  for (const path of paths) if (path) readBounded(path)
}

/** Empty when it is not there, or not for us: then the SDK finds out the same, and says what it means. */
function readBounded(path: string): Buffer {
  try {
    return readFileWithin(path, budgets.awsFile.most)
  } catch (cause) {
    if (!(cause instanceof AppError)) return Buffer.alloc(0)
    throw cause.code === 'FILE_UNREADABLE' ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

function tokenFilesIn(bytes: Buffer): string[] {
  const { sections } = parseIni(decodeText(bytes))
  return [...sections.values()].flatMap(section => section.get('web_identity_token_file') ?? [])
}

function filesIn(folder: string): string[] {
  try {
    return Array.from(namesWithin(folder, 'utf8', mostTokens), name => join(folder, name)).filter(path =>
      path.endsWith('.json'),
    )
  } catch {
    return []
  }
}
