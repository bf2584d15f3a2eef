import * as v from 'valibot'
import { answerAndExit, endWithAgent } from './adapters/base/run-program.ts'
import { editPicture } from './adapters/image/edit-picture.ts'
import type { EditAnswer } from './adapters/image/image-sharp.ts'

/** The process that edits one picture for the agent, and takes the memory that this needed with it when it ends. */
const requestSchema = v.object({
  bytes: v.instance(Uint8Array),
  scalePercent: v.number(),
  blur: v.boolean(),
})

endWithAgent()
process.once('message', message => void edit(message))

async function edit(message: unknown): Promise<void> {
  try {
    const { bytes, ...options } = v.parse(requestSchema, message)
    answer({ kind: 'edited', picture: await editPicture(bytes, options) })
  } catch {
    // Why sharp cannot read it helps nobody, and it may quote the bytes.
    answer({ kind: 'failed' })
  }
}

function answer(message: EditAnswer): void {
  answerAndExit(message)
}
