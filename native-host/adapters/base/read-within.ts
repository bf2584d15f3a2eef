import { closeSync, constants, openSync, readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { AppError } from '../../../protocol/errors.ts'

/**
 * A file of ours, of at most so many bytes. Nothing else that may lie in its place is opened: a FIFO would never
 * answer, and opening a device can do something.
 * @throws AppError FILE_UNREADABLE when it is longer or no file | the error of the system, such as ENOENT
 */
export async function readWithin(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await openRegular(path)
  return await readHandle(file, path, mostBytes)
}

/** The same of what a person names, which may be a pipe: `--identity <(pass show key)`. @throws as `readWithin` */
export async function readNamedWithin(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await open(path, 'r')
  return await readHandle(file, path, mostBytes)
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

/** What the kernel or another program tells in a file; more than so many bytes of it are not read. */
export function readBeginning(path: string, mostBytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const pieces: Buffer[] = []
    for (let left = mostBytes; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, 64 * 1024))
      const read = readSync(descriptor, piece)
      if (read === 0) break
      pieces.push(piece.subarray(0, read))
      left -= read
    }
    return Buffer.concat(pieces)
  } finally {
    closeSync(descriptor)
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  if (!(await stat(path)).isFile()) throw notRegular(path)
  // Not waiting, should it be a FIFO by now.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if ((await file.stat()).isFile()) return file
    throw notRegular(path)
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Grows with what comes: the size that a file has now is not what it has to have then. */
async function readHandle(file: FileHandle, path: string, mostBytes: number): Promise<Buffer> {
  const size = (await file.stat()).size
  if (size > mostBytes) throw tooLong(path, mostBytes)
  let bytes = Buffer.allocUnsafe(Math.min(mostBytes, Math.max(size, 8192)) + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length)
    if (bytesRead === 0) return bytes.subarray(0, length)
    length += bytesRead
    if (length > mostBytes) throw tooLong(path, mostBytes)
    if (length < bytes.length) continue
    const larger = Buffer.allocUnsafe(Math.min(mostBytes + 1, bytes.length * 2))
    bytes.copy(larger)
    bytes = larger
  }
}

function notRegular(path: string): AppError {
  return new AppError('FILE_UNREADABLE', { detail: `${path} is no regular file` })
}

function tooLong(path: string, mostBytes: number): AppError {
  return new AppError('FILE_UNREADABLE', { detail: `${path} has more than ${mostBytes} bytes` })
}
