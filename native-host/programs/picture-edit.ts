import '../platform/process/guard-process.ts'
import * as v from 'valibot'
import { editPicture, fingerprintAt } from '../adapters/image/edit-picture.ts'
import { type EditAnswer, type EditRequest, editRequestSchema } from '../adapters/image/picture-request.ts'

/**
 * The process that edits pictures for the agent, one after the other, and takes the memory that this needed with it when
 * the agent ends it. A picture of a large display takes 200 MB for a moment, of which the allocator gives little back.
 */
process.once('disconnect', () => process.exit())
process.on('message', message => void answer(message))

async function answer(message: unknown): Promise<void> {
  process.send?.(await edit(message))
}

async function edit(message: unknown): Promise<EditAnswer> {
  try {
    return await done(v.parse(editRequestSchema, message))
  } catch {
    // sharp's reason helps no user, and it may quote the bytes.
    return { kind: 'failed' }
  }
}

async function done(request: EditRequest): Promise<EditAnswer> {
  switch (request.kind) {
    case 'encode':
      return { kind: 'encoded', picture: await editPicture(request.picture, request.options) }
    case 'fingerprint':
      return { kind: 'fingerprint', brightness: await fingerprintAt(request.picture) }
    default:
      throw request satisfies never
  }
}
