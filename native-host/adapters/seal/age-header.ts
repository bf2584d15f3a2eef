import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'

const firstLine = 'age-encryption.org/v1\n'

/**
 * Looks at the header before the library reads it: every stanza is tried with every identity, and that may take as long
 * as its writer likes.
 * @throws AppError OPEN_FAILED
 */
export function boundHeader(sealed: Uint8Array): void {
  const { objectHeader, objectStanzas } = budgets
  const beginning = Buffer.from(sealed.buffer, sealed.byteOffset, Math.min(sealed.length, objectHeader.most))
  if (!beginning.toString('latin1', 0, firstLine.length).startsWith(firstLine))
    throw new AppError('OPEN_FAILED', { detail: 'it is not an age file' })
  const end = beginning.indexOf('\n--- ')
  if (end < 0)
    throw new AppError('OPEN_FAILED', {
      detail:
        sealed.length > objectHeader.most
          ? `its header has more than ${objectHeader.most} bytes`
          : 'its header is incomplete',
    })
  let stanzas = 0
  for (let at = beginning.indexOf('\n-> '); at >= 0 && at < end; at = beginning.indexOf('\n-> ', at + 1))
    stanzas++
  if (stanzas > objectStanzas.most)
    throw new AppError('OPEN_FAILED', { detail: `its header has more than ${objectStanzas.most} stanzas` })
}
