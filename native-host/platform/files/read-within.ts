import { closeSync, constants, fstatSync, opendirSync, openSync } from 'node:fs'
import { open, opendir } from 'node:fs/promises'
import { budgets } from '../../kernel/budgets.ts'
import { hasModes, kindOf, notSafe, openPlainFile } from './own-files.ts'
import { readUpTo, readWithin, tooLong } from './read-up-to.ts'

/**
 * The one place where files and folders are read that can be of any size: test/inputs.test.ts finds each file
 * that reads otherwise.
 */

/**
 * A plain file of any owner, of at most so many bytes. Nothing else that may lie in its place is opened.
 * @throws AppError FILE_UNREADABLE when it is longer | PLACE_NOT_SAFE when it is no plain file | the error of the
 * system
 */
export function readPlainWithin(path: string, mostBytes: number): Buffer {
  return wholeOf(openPlainFile(path), path, mostBytes)
}

/**
 * A file that a setting or another program names: a link may lead to it. A pipe or a device is not even waited for.
 * @throws AppError FILE_UNREADABLE when it is longer | PLACE_NOT_SAFE when it is no plain file | the error of the
 * system
 */
export function readFileWithin(path: string, mostBytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const entry = fstatSync(descriptor)
  if (entry.isFile()) return wholeOf(descriptor, path, mostBytes)
  closeSync(descriptor)
  throw notSafe(path, `is ${kindOf(entry)}`)
}

function wholeOf(descriptor: number, path: string, mostBytes: number): Buffer {
  try {
    return readWithin(descriptor, path, mostBytes)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * A file that a setting names and that decides whom to trust, which may be a link to one. One that every user can
 * change can come from any program.
 * @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE when it is longer | the error of the system
 */
export function readTrustedWithin(path: string, mostBytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const entry = fstatSync(descriptor)
    if (!entry.isFile()) throw notSafe(path, `is ${kindOf(entry)}`)
    if (hasModes && (entry.mode & 0o002) !== 0) throw notSafe(path, 'can be changed by other users')
    return readWithin(descriptor, path, mostBytes)
  } finally {
    closeSync(descriptor)
  }
}

/** Names are fetched in portions of this size. */
const portion = 1024

/** The names in a folder, up to so many, and never all of them in memory. @throws the error of the system */
export function* namesWithin(
  folder: string | Buffer,
  encoding: BufferEncoding = 'utf8',
  most: number = budgets.folderNames.most,
): Generator<string> {
  using entries = opendirSync(folder, { encoding, bufferSize: portion })
  for (let left = most; left > 0; left--) {
    const entry = entries.readSync()
    if (!entry) return
    yield entry.name
  }
}

/** The same without waiting for a slow disk: portion by portion. @throws the error of the system */
export async function* namesWithinLater(
  folder: string,
  most: number = budgets.folderNames.most,
): AsyncGenerator<string> {
  let left = most
  for await (const { name } of await opendir(folder, { bufferSize: portion })) {
    if (left-- <= 0) return
    yield name
  }
}

/**
 * As readPlainWithin, without waiting for a slow disk.
 * @throws AppError FILE_UNREADABLE when it is longer | PLACE_NOT_SAFE when it is no plain file | the error of the system
 */
export async function readPlainLater(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await open(path, carefully)
  const entry = await file.stat()
  if (!entry.isFile()) throw notSafe(path, `is ${kindOf(entry)}`)
  return await readStreamWithin(file.createReadStream({ autoClose: false }), path, mostBytes)
}

/** Windows has no such flags. A link ends with ELOOP, and a pipe is not waited for. */
const carefully = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** What a person names, which may be a pipe: `--identity <(pass show key)`. @throws AppError FILE_UNREADABLE | the error of the system */
export async function readNamedWithin(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await open(path, 'r')
  return await readStreamWithin(file.createReadStream({ autoClose: false }), path, mostBytes)
}

/** All of a stream. @throws AppError FILE_UNREADABLE when it is longer */
export async function readStreamWithin(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  mostBytes: number,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > mostBytes) throw tooLong(name, mostBytes)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}

/** What the kernel tells in a file of /proc or /sys. @throws the error of the system */
export function readKernelFile(path: string): string {
  return readBeginning(path, budgets.kernelFile.most).toString()
}

/** Of what only its beginning matters. @throws the error of the system */
export function readBeginning(path: string, mostBytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    return readUpTo(descriptor, mostBytes)
  } finally {
    closeSync(descriptor)
  }
}
