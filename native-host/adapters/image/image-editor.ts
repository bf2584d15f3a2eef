import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import type { GrabbedPicture, ImageEditor } from '../../ports.ts'
import { keptProgram } from '../base/kept-program.ts'
import { siblingProgram } from '../base/sibling-program.ts'
import { encodeUnreadable } from './encode-unreadable.ts'
import { brightnessOf } from './glance.ts'
import { type EditAnswer, type EditRequest, editAnswerSchema } from './picture-request.ts'
import { openPixels, type PixelRows } from './read-pixels.ts'

/**
 * Where pictures are edited (docs/decisions/0013). What JavaScript can do with the pixels of a screen happens here, a few
 * rows at a time: hiding what they show, which is the rule. For everything else there is sharp, in a process of its own
 * (picture-edit.ts), which takes its memory and its crashes with it.
 */
export function createImageEditor(program: string, giveUpAfterMs: number = 20_000): ImageEditor {
  // Memory that several threads allocate from is given back later, if ever (mallopt(3)).
  const edit = keptProgram(program, { ...process.env, MALLOC_ARENA_MAX: '2' })

  return {
    async encode(picture, options) {
      if (picture.form === 'raw' && options.blur)
        return inPixels(picture, rows => encodeUnreadable(rows, options))
      const answer = await ask({ kind: 'encode', picture, options })
      return answer.kind === 'encoded' ? answer.picture : refused()
    },
    async glance(picture) {
      if (picture.form === 'raw') return inPixels(picture, brightnessOf)
      const answer = await ask({ kind: 'glance', picture })
      return answer.kind === 'glance' ? answer.brightness : refused()
    },
  }

  async function ask(request: EditRequest): Promise<EditAnswer> {
    const signal = AbortSignal.timeout(giveUpAfterMs)
    try {
      return v.parse(editAnswerSchema, await edit.ask(request, signal))
    } catch (cause) {
      throw new AppError(signal.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
    }
  }
}

export const imageEditor = createImageEditor(siblingProgram(process.argv[1] ?? '', 'picture-edit'))

async function inPixels<T>(
  picture: GrabbedPicture & { form: 'raw' },
  work: (rows: PixelRows) => Promise<T>,
): Promise<T> {
  try {
    using rows = openPixels(picture)
    return await work(rows)
  } catch (cause) {
    throw new AppError('CAPTURE_FAILED', { cause })
  }
}

function refused(): never {
  throw new AppError('CAPTURE_FAILED', { detail: 'no picture that can be read' })
}
