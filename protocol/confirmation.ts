import * as v from 'valibot'
import { clientNameSchema } from './client-name.ts'

/**
 * What a browser may ask for and only the person may allow, outside the browser: in a dialog of the desktop, or with
 * `activity-tracker confirm`. To add one, add a row here, a variant of Proposal and its words (native-host/privacy/
 * confirmation.ts), and what happens when it is allowed (the agent).
 */
export const confirmationRows = {
  pictures: 'to see screenshots that are not blurred',
  opened: 'to see decrypted records and screenshots of past days',
  weakening: 'to protect the person less, where that cannot be announced',
} as const
export type ConfirmationKind = keyof typeof confirmationRows
export const confirmationKinds = Object.keys(confirmationRows) as ConfirmationKind[]

const instant = v.pipe(v.string(), v.isoTimestamp())

/**
 * What waits for an answer, as every client receives it. The code opens nothing in a browser: only a terminal
 * may answer.
 */
export const confirmationSchema = v.object({
  code: v.string(),
  // A newer agent may know a newer kind.
  kind: v.string(),
  /** Who asks, in the name that it said hello with. */
  by: clientNameSchema,
  until: instant,
  question: v.string(),
  changes: v.array(v.object({ what: v.string(), from: v.string(), to: v.string() })),
})
export type Confirmation = v.InferOutput<typeof confirmationSchema>

/** A request waits for this time; then nothing happens. */
export const confirmationMs = 600_000
/** Sharp pictures are shown for this time once the person has allowed it. */
export const unlockedMs = 600_000
