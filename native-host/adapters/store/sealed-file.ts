import { createHash, type Hash, hash } from 'node:crypto'
import { closeSync, constants, fstatSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../protocol/errors.ts'
import type { SealedBytes } from '../../delivery/ports.ts'
import { createTurns } from '../../kernel/in-turn.ts'
import { createBufferPool } from '../../platform/files/buffer-pool.ts'
import { openPlainFile } from '../../platform/files/own-files.ts'
import { isFileError } from '../../platform/files/store-error.ts'

/** Up to this size a file is read at once and kept; a larger one is read piece by piece. */
const wholeBytes = 8 * 1024 * 1024
const pieceBytes = 1024 * 1024
/**
 * Most items are this small. They are read in one go on the thread that asks: to hand four calls to another thread
 * takes ten times as long as the calls themselves. The memory is for as many as are under way at once.
 */
const pool = createBufferPool(512 * 1024, 6)

/**
 * Opens a file whose bytes have this hash. Undefined when it is missing, has other bytes, or is unreadable; each only
 * after a second look, because a disk that fails once has lost nothing. The bytes of a large file are compared when it
 * must prove them.
 * @throws AppError FILE_UNREADABLE for every other reason, such as its permissions
 */
export async function openSealedFile(path: string, sha256: string): Promise<OpenFile | undefined> {
  return (await openOnce(path, sha256)) ?? (await openOnce(path, sha256))
}

type OpenFile = SealedBytes & AsyncDisposable

async function openOnce(path: string, sha256: string): Promise<OpenFile | undefined> {
  let file: FileHandle | undefined
  try {
    const small = readSmall(path, sha256)
    if (small !== 'large') return small
    // It was a plain file a moment ago; what another has put there since does not hold this up either.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const { size } = await file.stat()
    const sealed =
      size <= wholeBytes ? await readWhole(file, size, sha256) : readPieces({ file, path, size, sha256 })
    if (sealed) file = undefined
    return sealed
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'EIO')) return undefined
    // A link, a pipe or a folder has taken its place, which cannot have its bytes.
    if (error instanceof AppError && error.code === 'PLACE_NOT_SAFE') return undefined
    throw new AppError('FILE_UNREADABLE', { detail: path, cause: error })
  } finally {
    await file?.close()
  }
}

/** In memory of the pool, which it gives back when it is disposed of. */
function readSmall(path: string, sha256: string): OpenFile | undefined | 'large' {
  const file = openPlainFile(path)
  let memory: Buffer | undefined
  try {
    const { size } = fstatSync(file)
    if (size > pool.bytes) return 'large'
    memory = pool.take()
    let length = 0
    for (let read = -1; read !== 0 && length < size; length += read)
      read = readSync(file, memory, length, size - length, length)
    const bytes = memory.subarray(0, length)
    if (hash('sha256', bytes) !== sha256) return undefined
    const kept = memory
    memory = undefined
    return inMemory(bytes, sha256, () => pool.give(kept))
  } finally {
    if (memory) pool.give(memory)
    closeSync(file)
  }
}

async function readWhole(file: FileHandle, size: number, sha256: string) {
  const bytes = await readPiece(file, 0, size)
  if (hash('sha256', bytes) !== sha256) return undefined
  await file.close()
  return inMemory(bytes, sha256, () => {})
}

function inMemory(bytes: Uint8Array, sha256: string, release: () => void): OpenFile {
  return {
    size: bytes.length,
    sha256,
    slice: async (from, to) => bytes.subarray(from, to),
    proven: async () => {},
    [Symbol.asyncDispose]: async () => release(),
  }
}

type LargeFile = { file: FileHandle; path: string; size: number; sha256: string }

/** Over the first `to` bytes. */
type RunningSum = { readonly hash: Hash; to: number }

/**
 * A sender reads a file from its beginning to its end, so its hash is taken on the way: it is that of what was sent,
 * and nothing is read twice. What is not read in this order, such as half of an object whose other half has
 * arrived, is read for the proof alone.
 */
function readPieces(large: LargeFile): OpenFile {
  const { file, path, size, sha256 } = large
  const closed = new AbortController()
  const inTurn = createTurns()
  const sum: RunningSum = { hash: createHash('sha256'), to: 0 }
  let proof: Promise<void> | undefined
  return {
    size,
    sha256,
    slice: (from, to, into) =>
      inTurn(async () => {
        const end = Math.min(to, size)
        const piece = await readPiece(file, from, end, into).catch(cause => {
          throw new AppError('FILE_UNREADABLE', { detail: path, cause })
        })
        // It was that long when it was opened.
        if (piece.length < end - from) throw new AppError('FILE_UNREADABLE', { detail: path })
        add(sum, from, piece)
        return piece
      }),
    proven() {
      proof ??= inTurn(() => prove(large, sum, closed.signal))
      return proof
    },
    async [Symbol.asyncDispose]() {
      closed.abort()
      await proof?.catch(() => undefined)
      await file.close()
    },
  }
}

function add(sum: RunningSum, from: number, piece: Uint8Array): void {
  const isNext = from <= sum.to && sum.to < from + piece.length
  if (!isNext) return
  sum.hash.update(piece.subarray(sum.to - from))
  sum.to = from + piece.length
}

/** @throws AppError STORE_DAMAGED | FILE_UNREADABLE: wrong at the first look, and right at the second */
async function prove(large: LargeFile, sum: RunningSum, signal: AbortSignal): Promise<void> {
  const seen = await lookFrom(sum, large, signal)
  if (seen === 'right') return
  const again = await lookFrom({ hash: createHash('sha256'), to: 0 }, large, signal)
  if (again !== 'right') throw new AppError('STORE_DAMAGED', { detail: large.path })
  if (seen === 'wrong') throw new AppError('FILE_UNREADABLE', { detail: large.path })
}

async function lookFrom(
  sum: RunningSum,
  { file, path, size, sha256 }: LargeFile,
  signal: AbortSignal,
): Promise<'right' | 'wrong' | 'unreadable'> {
  const memory = Buffer.allocUnsafeSlow(pieceBytes)
  try {
    for (let from = sum.to; from < size; from += pieceBytes) {
      signal.throwIfAborted()
      add(sum, from, await readPiece(file, from, from + pieceBytes, memory))
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (isFileError(cause, 'EIO')) return 'unreadable'
    throw new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
  return sum.hash.digest('hex') === sha256 ? 'right' : 'wrong'
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
