import { readSync } from 'node:fs'
import { AppError } from '../../../protocol/errors.ts'

const pieceBytes = 64 * 1024

/** Grows with what comes: the size that a file has now is not what it has to have then. */
export function readUpTo(descriptor: number, mostBytes: number): Buffer {
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

/** All of it. `path` is for the error. @throws AppError FILE_UNREADABLE when it is longer */
export function readWithin(descriptor: number, path: string, mostBytes: number): Buffer {
  const bytes = readUpTo(descriptor, mostBytes + 1)
  if (bytes.length > mostBytes) throw tooLong(path, mostBytes)
  return bytes
}

export function tooLong(path: string, mostBytes: number): AppError {
  return new AppError('FILE_UNREADABLE', { detail: `${path} has more than ${mostBytes} bytes` })
}
