import * as v from 'valibot'

/** What a program that takes screenshots prints about them. */
export const shotsSchema = v.object({
  way: v.string(),
  cpuMs: v.array(v.number()),
  wallMs: v.array(v.number()),
  /** Of the last one. */
  bytes: v.number(),
})
export type Shots = v.InferOutput<typeof shotsSchema>
