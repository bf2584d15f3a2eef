import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import type { Credentials } from '../../core/import-config.ts'
import { parseIni } from '../../core/ini.ts'
import { Secret } from '../../core/secret.ts'
import { isFileError } from '../base/store-error.ts'
import { makeFolder, writeDurably } from '../base/write-durably.ts'

/**
 * Imported credentials: a file of their own for this user only, in the format of AWS's shared credentials file, so
 * that people can look after it with the tools they know.
 */
const profile = 'activity-tracker'

/** @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
export async function storeCredentials(file: string, credentials: Credentials): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  // Without spaces around the sign: a secret may begin with #, which behind a space would begin a comment.
  const lines = [
    `# Imported into Activity Tracker; used for its bucket before any other credentials of this computer.`,
    `[${profile}]`,
    `aws_access_key_id=${accessKeyId}`,
    `aws_secret_access_key=${secretAccessKey.reveal()}`,
    ...(sessionToken ? [`aws_session_token=${sessionToken.reveal()}`] : []),
  ]
  makeFolder(dirname(file))
  await writeDurably(file, new TextEncoder().encode(`${lines.join('\n')}\n`))
}

/**
 * Gives the imported credentials to the SDK; undefined when none were imported, and the SDK then looks where all AWS
 * tools do.
 * @throws AppError UPLOAD_NO_CREDENTIALS when the file has none
 */
export async function credentialProviderFor(file: string) {
  const credentials = await readCredentials(file)
  if (credentials === undefined) return undefined
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return async () => ({
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken && { sessionToken: sessionToken.reveal() }),
  })
}

async function readCredentials(file: string): Promise<Credentials | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (isFileError(cause, 'ENOENT')) return undefined
    throw new AppError('UPLOAD_NO_CREDENTIALS', { detail: file, cause })
  }
  const section = parseIni(text).sections.get(profile)
  const accessKeyId = section?.get('aws_access_key_id')
  const secretAccessKey = section?.get('aws_secret_access_key')
  const sessionToken = section?.get('aws_session_token')
  if (!accessKeyId || !secretAccessKey) {
    throw new AppError('UPLOAD_NO_CREDENTIALS', { detail: `${file} has no [${profile}] with both keys` })
  }
  return {
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
  }
}
