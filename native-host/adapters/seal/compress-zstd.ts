import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { AppError } from '../../../protocol/errors.ts'
import type { Compress } from '../../journal/ports.ts'
import { budgets } from '../../kernel/budgets.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Frames that ask for more are not even begun: the window is set aside before a byte is unpacked. */
const limits = { [constants.ZSTD_d_windowLogMax]: Math.log2(budgets.zstdWindow.most) }

/** On journal lines, each with a hash in it, level 1 is as small as 9 (6.9 and 6.8 times) and seven times as fast. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 }

export const compressZstd: Compress = bytes => compress(bytes, { params })

/**
 * @param maxBytes of the result: a few bytes can claim to be gigabytes
 * @throws AppError OPEN_FAILED
 */
export async function decompressZstd(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await decompress(bytes, { maxOutputLength: maxBytes, params: limits })
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    const detail = tooLarge ? `it unpacks to more than ${maxBytes} bytes` : 'it is not whole Zstandard data'
    throw new AppError('OPEN_FAILED', { detail, cause })
  }
}

/** Whether this begins as a Zstandard frame does (RFC 8878, 3.1.1). */
export function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
}
