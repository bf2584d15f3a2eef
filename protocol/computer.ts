import * as v from 'valibot'

const fact = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(120)))

/** What kind of computer it is. Nothing that tells it from another of its kind: no serial number, name or address. */
export const computerSchema = v.object({
  /** Maker and model, such as "LENOVO ThinkPad X1". */
  model: fact,
  /** Such as "Debian GNU/Linux 13". */
  system: fact,
  /** Such as "GNOME". */
  desktop: fact,
  /** Such as "AMD Ryzen 7, 8 cores". */
  processor: fact,
  /** In GiB, rounded. */
  memory_gib: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))),
})
export type Computer = v.InferOutput<typeof computerSchema>

/** In a line, for people; empty when nothing is known. */
export function describeComputer({ model, system, desktop, processor, memory_gib }: Computer): string {
  const memory = memory_gib === undefined ? undefined : `${memory_gib} GiB of memory`
  return [model, system, desktop, processor, memory].filter(Boolean).join(', ')
}
