import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { hasModes, kindOf, notSafe, openPlainFile } from './own-files.ts'

/**
 * A plain file of at most so many bytes, whoever it belongs to. Nothing else that may lie in its place is opened.
 * @throws AppError FILE_UNREADABLE when it is longer | PLACE_NOT_SAFE when it is no plain file | the error of the system
 */
export function readPlainWithin(path: string, mostBytes: number): Buffer {
  const descriptor = openPlainFile(path)
  try {
    const bytes = readUpTo(descriptor, mostBytes + 1)
    if (bytes.length > mostBytes) throw tooLong(path, mostBytes)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

/**
 * A file that a setting names and that decides whom to trust, which may be a link to one. One that every user can change
 * is anybody's word.
 * @throws AppError PLACE_NOT_SAFE | FILE_UNREADABLE when it is longer | the error of the system
 */
export function readTrustedWithin(path: string, mostBytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const entry = fstatSync(descriptor)
    if (!entry.isFile()) throw notSafe(path, `is ${kindOf(entry)}`)
    if (hasModes && (entry.mode & 0o002) !== 0) throw notSafe(path, 'can be changed by other users')
    const bytes = readUpTo(descriptor, mostBytes + 1)
    if (bytes.length > mostBytes) throw tooLong(path, mostBytes)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

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

const pieceBytes = 64 * 1024

/** Grows with what comes: the size that a file has now is not what it has to have then. */
function readUpTo(descriptor: number, mostBytes: number): Buffer {
  const pieces: Buffer[] = []
  let length = 0
  while (length < mostBytes) {
    const piece = Buffer.allocUnsafe(Math.min(mostBytes - length, pieceBytes))
    const read = readSync(descriptor, piece)
    if (read === 0) break
    pieces.push(piece.subarray(0, read))
    length += read
  }
  return Buffer.concat(pieces, length)
}

function tooLong(path: string, mostBytes: number): AppError {
  return new AppError('FILE_UNREADABLE', { detail: `${path} has more than ${mostBytes} bytes` })
}
