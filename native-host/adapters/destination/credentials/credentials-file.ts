import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../../protocol/errors.ts'
import { decodeText } from '../../../config/decode-text.ts'
import {
  type SecretName,
  type SecretStore,
  type StoredSecrets,
  secretForms,
} from '../../../config/stored-secrets.ts'
import { parseIni } from '../../../kernel/ini.ts'
import { readOwnFile } from '../../../platform/files/own-files.ts'
import { inStoreLater } from '../../../platform/files/store-error.ts'
import { makeFolder, syncFolder, writeDurably } from '../../../platform/files/write-durably.ts'

const sections: Record<SecretName, string> = { s3: 'activity-tracker', proxy: 'activity-tracker-proxy' }

/**
 * A file of its own for this user only, in the format of AWS's shared credentials file, so that people can look after
 * it with the tools they know.
 */
export function credentialsFile(file: string): SecretStore {
  /** What makes no sense is replaced by what is written: this is how it is repaired. */
  async function readForChange(): Promise<Partial<StoredSecrets>> {
    const kept = (name: SecretName) => read(file, name).catch(() => undefined)
    const [s3, proxy] = await Promise.all([kept('s3'), kept('proxy')])
    return {
      ...(s3 && { s3: s3 as StoredSecrets['s3'] }),
      ...(proxy && { proxy: proxy as StoredSecrets['proxy'] }),
    }
  }

  return {
    read: name => read(file, name),
    async write(name, value) {
      await writeAll(file, { ...(await readForChange()), [name]: value })
    },
    async forget(name) {
      const { [name]: gone, ...rest } = await readForChange()
      if (gone === undefined) return false
      await writeAll(file, rest)
      return true
    },
  }
}

/** @throws AppError PLACE_NOT_SAFE | UPLOAD_NO_CREDENTIALS when the file is there and makes no sense */
async function read<N extends SecretName>(file: string, name: N): Promise<StoredSecrets[N] | undefined> {
  const text = readText(file)
  if (text === undefined) return undefined
  const ini = parseIni(text)
  const section = ini.sections.get(sections[name])
  const value = secretForms[name].parse(field => section?.get(field))
  if (value !== undefined) return value
  // A file that holds the other one only is whole; one that holds neither was meant to hold credentials.
  const holdsOther = Object.values(sections).some(
    other => other !== sections[name] && ini.sections.has(other),
  )
  if (section === undefined && holdsOther) return undefined
  throw new AppError('UPLOAD_NO_CREDENTIALS', {
    detail: `${file} has no complete [${sections[name]}] section`,
  })
}

function readText(file: string): string | undefined {
  try {
    const bytes = readOwnFile(file, 'secret')
    return bytes && decodeText(bytes)
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'PLACE_NOT_SAFE') throw cause
    throw new AppError('UPLOAD_NO_CREDENTIALS', { detail: file, cause })
  }
}

async function writeAll(file: string, secrets: Partial<StoredSecrets>): Promise<void> {
  const blocks = [
    ...(secrets.s3 ? [linesOf('s3', secretForms.s3.reveal(secrets.s3))] : []),
    ...(secrets.proxy ? [linesOf('proxy', secretForms.proxy.reveal(secrets.proxy))] : []),
  ]
  makeFolder(dirname(file))
  if (blocks.length > 0) {
    const comment =
      '# Kept by Activity Tracker; used for its bucket before any other credentials of this computer.'
    return writeDurably(file, new TextEncoder().encode(`${[comment, ...blocks].join('\n')}\n`))
  }
  await inStoreLater(dirname(file), async () => {
    await rm(file, { force: true })
    await syncFolder(dirname(file))
  })
}

/** Without spaces around the sign: a secret may begin with #, which behind a space would begin a comment. */
function linesOf(name: SecretName, fields: Record<string, string>): string {
  return [`[${sections[name]}]`, ...Object.entries(fields).map(([field, value]) => `${field}=${value}`)].join(
    '\n',
  )
}
