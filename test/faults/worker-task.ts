import * as v from 'valibot'

/** The task of the program under test, in one line of JSON. */
export const taskSchema = v.object({
  home: v.string(),
  destination: v.variant('kind', [
    v.object({ kind: v.literal('folder'), folder: v.string() }),
    v.object({
      kind: v.literal('s3'),
      endpoint: v.string(),
      prefix: v.string(),
      stallMs: v.optional(v.number()),
      keys: v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
    }),
  ]),
  /** `rounds`: one step after the other, and an end. `endless`: sealing and delivering at the same time, until killed. */
  work: v.picklist(['rounds', 'endless']),
  /** Each appends two records, stores a picture, seals and delivers. With 0 it only recovers what is there. */
  rounds: v.number(),
  pictureBytes: v.number(),
})
export type Task = v.InferOutput<typeof taskSchema>

/** Rounds in a scene, each with a picture of so many bytes; none only recovers what is there. */
export function roundsIn(
  { home, destination }: Pick<Task, 'home' | 'destination'>,
  rounds: number,
  pictureBytes: number = rounds > 0 ? 300 : 0,
): Task {
  return { home, destination, work: 'rounds', rounds, pictureBytes }
}

/** What it says, one line of JSON each. `accepted` is said after the call has returned, so after it is durable. */
export const reportSchema = v.variant('says', [
  v.object({ says: v.literal('ready') }),
  v.object({ says: v.literal('open') }),
  v.object({ says: v.literal('record'), seq: v.number(), sha256: v.string() }),
  v.object({ says: v.literal('picture'), sha256: v.string() }),
  v.object({ says: v.literal('refused'), code: v.string() }),
  v.object({ says: v.literal('failed'), code: v.string(), detail: v.optional(v.string()) }),
  v.object({ says: v.literal('done') }),
])
export type Report = v.InferOutput<typeof reportSchema>
