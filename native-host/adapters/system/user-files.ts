import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import {
  readFileWithin,
  readNamedWithin,
  readPlainWithin,
  readStreamWithin,
} from '../../platform/files/read-within.ts'
import { isFileError } from '../../platform/files/store-error.ts'

/**
 * A file that a person names on the command line; `-` is standard input.
 * @throws AppError FILE_UNREADABLE, also when it is longer
 */
export async function readUserFile(
  path: string,
  mostBytes: number = budgets.objectBytes.most,
): Promise<Uint8Array> {
  try {
    if (path === '-') return await readStreamWithin(process.stdin, 'standard input', mostBytes)
    return await readNamedWithin(path, mostBytes)
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

/** An object in a folder of them: a plain file and nothing else. @throws AppError FILE_UNREADABLE */
export async function readDelivered(path: string): Promise<Uint8Array> {
  try {
    return readPlainWithin(path, budgets.objectBytes.most)
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

/** The same, piece by piece and without gzip around it. @throws AppError FILE_UNREADABLE */
export async function* readUserText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  try {
    const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 })
    for await (const bytes of unpacked(source)) yield decoder.decode(bytes, { stream: true })
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}

/** By its first two bytes (RFC 1952), not by its name. */
async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]()
  const first = await pieces.next()
  if (first.done) return
  const whole = async function* () {
    yield first.value
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
  }
  const packed = first.value[0] === 0x1f && first.value[1] === 0x8b
  // Unlike pipe(), it passes on what goes wrong on the way, and the reader below throws it.
  yield* packed ? pipeline(Readable.from(whole()), createGunzip(), () => undefined) : whole()
}

/**
 * Writes a file that only this user may read, and never over another one. That the same bytes are there already is
 * fine, so that a command can be repeated.
 * @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE, and then there is no new file
 */
export async function writeUserFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await create(path)
  if (!file) {
    if (holds(path, bytes)) return
    throw new AppError('FILE_EXISTS', { detail: path })
  }
  try {
    await file.writeFile(bytes)
    await file.sync()
    await file.close()
  } catch (cause) {
    await rm(path, { force: true })
    throw notWritable(path, cause)
  }
}

function holds(path: string, bytes: Uint8Array): boolean {
  try {
    return Buffer.compare(readFileWithin(path, bytes.length), bytes) === 0
  } catch {
    return false
  }
}

/** A new file, for this user only, that grows for as long as it is open. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
export async function createUserFile(
  path: string,
): Promise<AsyncDisposable & { append(text: string): Promise<void> }> {
  const file = await create(path)
  if (!file) throw new AppError('FILE_EXISTS', { detail: path })
  return {
    async append(text) {
      try {
        await file.appendFile(text)
      } catch (cause) {
        throw notWritable(path, cause)
      }
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** undefined when there is one. */
async function create(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return undefined
    throw notWritable(path, cause)
  }
}

/** A folder that a person names, for this user only; one that is there stays as it is. @throws AppError FILE_NOT_WRITABLE */
export async function makeUserFolder(path: string): Promise<void> {
  try {
    await makeFolders(path)
  } catch (cause) {
    throw notWritable(path, cause)
  }
}

/** Not with Node's own `recursive`, which never ends where nothing can be made, such as below /proc. */
async function makeFolders(path: string): Promise<void> {
  if (await isUserFolder(path)) return
  try {
    await makeOne(path)
  } catch (error) {
    if (!isFileError(error, 'ENOENT') || dirname(path) === path) throw error
    await makeFolders(dirname(path))
    await makeOne(path)
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    // Another writer may have been quicker.
    if (!isFileError(error, 'EEXIST') || !(await isUserFolder(path))) throw error
  }
}

export async function isUserFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

export function notWritable(path: string, cause: unknown): AppError {
  const why = reasons.find(([code]) => isFileError(cause, code))?.[1]
  return new AppError('FILE_NOT_WRITABLE', { detail: why ? `${path}: ${why}` : path, cause })
}

const reasons: [code: string, why: string][] = [
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk is full'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'you do not have permission to write there'],
  ['EPERM', 'you do not have permission to write there'],
  ['ENOENT', 'its folder does not exist'],
  ['ENOTDIR', 'a file is in the place of a folder'],
  ['EEXIST', 'a file is in the place of a folder'],
]
