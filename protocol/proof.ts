import * as v from 'valibot'
import { dateSchema } from './day.ts'

/**
 * A proof as it is handed to a client or an auditor: docs/proof.md. It states nothing that its reader has to believe
 * but what the heads sign; `from`, `until`, `only`, `screenshots` and `made_at` are the sender's words.
 */
export const proofFormat = 'activity-tracker proof 1'

/** As `formatSignedHead` writes it (native-host/journal/sealed-head.ts). */
const head = v.string()

/** In the order in which they were sealed. Which one it is shows in what it has. */
const objectSchema = v.union([
  /** A picture: its sealed bytes, in which its head stands, and the key that opens this file alone. Both base64. */
  v.strictObject({ sealed: v.string(), file_key: v.string() }),
  /** A segment with its records: NDJSON. Without a head where an old tracker did not sign. */
  v.strictObject({ head: v.optional(head), lines: v.string() }),
  /** A segment or a picture that is withheld. */
  v.strictObject({ head }),
])
export type ProofObject = v.InferOutput<typeof objectSchema>

/** A part of each day by the person's clock, such as 09:00-17:00. */
export const hoursSchema = v.pipe(
  v.string(),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/),
  v.check(hours => hours.slice(0, 5) < hours.slice(6)),
)

const proofDeviceSchema = v.strictObject({ device: v.string(), objects: v.array(objectSchema) })
export type ProofDevice = v.InferOutput<typeof proofDeviceSchema>

export const proofSchema = v.strictObject({
  format: v.literal(proofFormat),
  /** Local dates, the first and the last. */
  from: dateSchema,
  until: dateSchema,
  /** Empty: the whole day. */
  only: v.array(hoursSchema),
  screenshots: v.boolean(),
  made_at: v.pipe(v.string(), v.check(isInstant)),
  devices: v.array(proofDeviceSchema),
})
export type ProofBundle = v.InferOutput<typeof proofSchema>

/** The text of a page's data; undefined for what is no proof. */
export function parseProof(data: string): ProofBundle | undefined {
  try {
    const read = v.safeParse(proofSchema, JSON.parse(data))
    return read.success ? read.output : undefined
  } catch {
    return undefined
  }
}

/** Whether dates and hours are written as a proof has them. */
export function hasChosenForm({ from, until, only }: Pick<ProofBundle, 'from' | 'until' | 'only'>): boolean {
  return [from, until].every(date => v.is(dateSchema, date)) && only.every(hours => v.is(hoursSchema, hours))
}

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text).epochMilliseconds > 0
  } catch {
    return false
  }
}
