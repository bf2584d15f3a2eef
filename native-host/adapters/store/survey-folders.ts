import { lstatSync } from 'node:fs'
import { basename } from 'node:path'
import { kindOf } from '../../platform/files/own-files.ts'
import { rawNames, rawPath, showName } from '../../platform/files/raw-names.ts'
import { namesWithin } from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'

export type Strangers = { count: number; named: string[] }

/** So many are named; all are counted. */
const mostNamed = 5

/**
 * What lies in the folders that the tracker never put there: names that are not UTF-8, pipes, devices,
 * sockets and links. All other readers of the folders skip these; here they are counted and named, so that a
 * person knows.
 */
export function surveyFolders(folders: readonly string[]): Strangers {
  const found: Strangers = { count: 0, named: [] }
  for (const folder of folders)
    for (const { name, kind } of strangersIn(folder)) {
      found.count += 1
      if (found.named.length < mostNamed) found.named.push(`${basename(folder)}/${showName(name)} (${kind})`)
    }
  return found
}

export function describeStrangers({ count, named }: Strangers): string {
  return count > named.length ? `${named.join(', ')} and ${count - named.length} more` : named.join(', ')
}

function* strangersIn(folder: string): Generator<{ name: string; kind: string }> {
  try {
    for (const name of namesWithin(folder, rawNames)) {
      const odd = kindOf(lstatSync(rawPath(folder, name)))
      if (odd !== 'a file' && odd !== 'a folder') yield { name, kind: odd }
      else if (!isUtf8(name)) yield { name, kind: 'a name that is not UTF-8' }
    }
  } catch (error) {
    // Not there yet, or gone meanwhile.
    if (!isFileError(error, 'ENOENT') && !isFileError(error, 'ENOTDIR') && !isFileError(error, 'EACCES'))
      throw error
  }
}

function isUtf8(name: string): boolean {
  const bytes = Buffer.from(name, rawNames)
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}
