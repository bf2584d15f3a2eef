import * as v from 'valibot'
import type { EditOptions, GrabbedPicture, Picture } from '../../screenshots/ports.ts'

/** What the agent and the process that edits pictures (picture-edit.ts) say to each other. */
export type EditRequest =
  | { kind: 'encode'; picture: GrabbedPicture; options: EditOptions }
  | { kind: 'fingerprint'; picture: GrabbedPicture }

export type EditAnswer =
  | { kind: 'encoded'; picture: Picture }
  | { kind: 'fingerprint'; brightness: Uint8Array }
  | { kind: 'failed' }

const format = v.picklist(['webp', 'jpeg'])
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const picture: v.GenericSchema<unknown, GrabbedPicture> = v.variant('form', [
  v.object({ form: v.literal('encoded'), bytes: v.instance(Uint8Array) }),
  v.object({
    form: v.literal('raw'),
    file: v.string(),
    offset: count,
    width: count,
    height: count,
    order: v.picklist(['bgrx', 'rgb']),
  }),
])

const options: v.GenericSchema<unknown, EditOptions> = v.object({
  scalePercent: v.number(),
  quality: v.number(),
  blur: v.boolean(),
  scale: v.number(),
  format: v.exactOptional(format),
})

export const editRequestSchema: v.GenericSchema<unknown, EditRequest> = v.variant('kind', [
  v.object({ kind: v.literal('encode'), picture, options }),
  v.object({ kind: v.literal('fingerprint'), picture }),
])

export const editAnswerSchema: v.GenericSchema<unknown, EditAnswer> = v.variant('kind', [
  v.object({
    kind: v.literal('encoded'),
    picture: v.object({ bytes: v.instance(Uint8Array), format, width: count, height: count }),
  }),
  v.object({ kind: v.literal('fingerprint'), brightness: v.instance(Uint8Array) }),
  v.object({ kind: v.literal('failed') }),
])
