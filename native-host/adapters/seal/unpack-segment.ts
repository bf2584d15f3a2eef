import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { decompressZstd } from './compress-zstd.ts'

const newline = 0x0a

/**
 * The lines of a segment as bytes, which are few enough and short enough to be made into texts.
 * @throws AppError OPEN_FAILED
 */
export async function unpackSegment(packed: Uint8Array): Promise<Uint8Array> {
  const bytes = await decompressZstd(packed, budgets.segmentBytes.most)
  let lines = 0
  for (let from = 0; from < bytes.length; lines++) {
    const end = bytes.indexOf(newline, from)
    const to = end < 0 ? bytes.length : end
    if (to - from > budgets.recordBytes.most)
      throw new AppError('OPEN_FAILED', {
        detail: `line ${lines + 1} has more than ${budgets.recordBytes.most} bytes`,
      })
    from = to + 1
    if (lines >= budgets.segmentLines.most)
      throw new AppError('OPEN_FAILED', { detail: `it has more than ${budgets.segmentLines.most} lines` })
  }
  return bytes
}
