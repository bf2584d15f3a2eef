import { createHash, hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../protocol/errors.ts'
import type { SealedBytes } from '../../ports.ts'
import { createBufferPool } from '../base/buffer-pool.ts'
import { isFileError } from '../base/store-error.ts'

/** Up to this size a file is read once and kept; a larger one is read through for its hash, and then piece by piece. */
const wholeBytes = 8 * 1024 * 1024
const pieceBytes = 1024 * 1024
/** For most items, and for as many as are under way at once. */
const pool = createBufferPool(512 * 1024, 6)

/**
 * Opens a file whose bytes have this hash. Undefined when there is no such file, when it has other bytes, or when the
 * disk cannot read it any more; each only if it is so when looked at again, because a disk that stumbles once has lost
 * nothing.
 * @throws AppError FILE_UNREADABLE for every other reason, such as its permissions
 */
export async function openSealedFile(path: string, sha256: string): Promise<OpenFile | undefined> {
  return (await openOnce(path, sha256)) ?? (await openOnce(path, sha256))
}

type OpenFile = SealedBytes & AsyncDisposable

async function openOnce(path: string, sha256: string): Promise<OpenFile | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { size } = await file.stat()
    const sealed =
      size <= wholeBytes ? await readWhole(file, size, sha256) : await readThrough(file, path, size, sha256)
    if (sealed) file = undefined
    return sealed
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'EIO')) return undefined
    throw new AppError('FILE_UNREADABLE', { detail: path, cause: error })
  } finally {
    await file?.close()
  }
}

async function readWhole(file: FileHandle, size: number, sha256: string) {
  const memory = size <= pool.bytes ? pool.take() : undefined
  const release = () => memory && pool.give(memory)
  try {
    const bytes = await readPiece(file, 0, size, memory)
    if (hash('sha256', bytes) !== sha256) {
      release()
      return undefined
    }
    await file.close()
    return {
      size: bytes.length,
      sha256,
      slice: async (from: number, to: number) => bytes.subarray(from, to),
      [Symbol.asyncDispose]: async () => release(),
    }
  } catch (error) {
    release()
    throw error
  }
}

async function readThrough(file: FileHandle, path: string, size: number, sha256: string) {
  const sum = createHash('sha256')
  const memory = Buffer.allocUnsafeSlow(pieceBytes)
  for (let from = 0; from < size; from += pieceBytes)
    sum.update(await readPiece(file, from, from + pieceBytes, memory))
  if (sum.digest('hex') !== sha256) return undefined
  return {
    size,
    sha256,
    async slice(from: number, to: number, into?: Uint8Array) {
      const end = Math.min(to, size)
      const piece = await readPiece(file, from, end, into).catch(cause => {
        throw new AppError('FILE_UNREADABLE', { detail: path, cause })
      })
      // It was that long when it was opened.
      if (piece.length < end - from) throw new AppError('FILE_UNREADABLE', { detail: path })
      return piece
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** Less than was asked for only at the end of the file. */
async function readPiece(file: FileHandle, from: number, to: number, into?: Uint8Array): Promise<Uint8Array> {
  const wanted = Math.max(0, to - from)
  const piece = into?.subarray(0, wanted) ?? Buffer.allocUnsafe(wanted)
  let length = 0
  while (length < piece.length) {
    const { bytesRead } = await file.read(piece, length, piece.length - length, from + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return piece.subarray(0, length)
}
