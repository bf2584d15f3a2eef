import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import type { ImageEditor, Picture } from '../../ports.ts'
import { runProgram } from '../base/run-program.ts'
import { siblingProgram } from '../base/sibling-program.ts'

/**
 * sharp, in a process of its own for each picture (picture-edit.ts). A picture of a large display takes 200 MB for a
 * moment, and of those most would stay with the agent for the rest of the day: the allocator gives little back.
 */
export function createImageEditor(program: string, giveUpAfterMs: number = 20_000): ImageEditor {
  return {
    async encode(picture, options) {
      const signal = AbortSignal.timeout(giveUpAfterMs)
      const request = { picture, options }
      const reply = await runProgram(program, { env: process.env, request, answer, signal }).catch(cause => {
        throw new AppError(signal.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
      })
      if (reply.kind === 'edited') return reply.picture
      throw new AppError('CAPTURE_FAILED', { detail: 'no picture that can be read' })
    },
  }
}

export const imageEditor = createImageEditor(siblingProgram(process.argv[1] ?? '', 'picture-edit'))

export type EditAnswer = { kind: 'edited'; picture: Picture } | { kind: 'failed' }

const answer: v.GenericSchema<unknown, EditAnswer> = v.variant('kind', [
  v.object({
    kind: v.literal('edited'),
    picture: v.object({
      bytes: v.instance(Uint8Array),
      format: v.picklist(['webp', 'jpeg']),
      width: v.number(),
      height: v.number(),
    }),
  }),
  v.object({ kind: v.literal('failed') }),
])
