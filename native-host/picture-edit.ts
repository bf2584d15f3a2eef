import * as v from 'valibot'
import { answerAndExit, endWithAgent } from './adapters/base/run-program.ts'
import { editPicture } from './adapters/image/edit-picture.ts'
import type { EditAnswer } from './adapters/image/image-sharp.ts'
import type { EditOptions, GrabbedPicture } from './ports.ts'

/** The process that edits one picture for the agent, and takes the memory that this needed with it when it ends. */
const requestSchema: v.GenericSchema<unknown, { picture: GrabbedPicture; options: EditOptions }> = v.object({
  picture: v.variant('form', [
    v.object({ form: v.literal('encoded'), bytes: v.instance(Uint8Array) }),
    v.object({
      form: v.literal('raw'),
      file: v.string(),
      offset: v.number(),
      width: v.number(),
      height: v.number(),
      order: v.picklist(['bgrx', 'rgb']),
    }),
  ]),
  options: v.object({
    scalePercent: v.number(),
    quality: v.number(),
    blur: v.boolean(),
    scale: v.number(),
  }),
})

endWithAgent()
process.once('message', message => void edit(message))

async function edit(message: unknown): Promise<void> {
  try {
    const { picture, options } = v.parse(requestSchema, message)
    answer({ kind: 'edited', picture: await editPicture(picture, options) })
  } catch {
    // Why sharp cannot read it helps nobody, and it may quote the bytes.
    answer({ kind: 'failed' })
  }
}

function answer(message: EditAnswer): void {
  answerAndExit(message)
}
