import * as v from 'valibot'
import { problemSchema } from './status.ts'

/**
 * The test of the way to where records are delivered, step by step. Each step rests on those before it, so the first
 * that is wrong is the one to mend; what comes after it is not tried.
 */
export const testSteps = {
  settings: 'Settings',
  link: 'Network',
  dns: 'Address lookup',
  proxy: 'Proxy',
  tcp: 'Connection',
  tls: 'Encryption',
  http: 'Server',
  s3: 'Bucket',
  folder: 'Folder',
} as const satisfies Record<string, string>
export type TestStep = keyof typeof testSteps

const ms = v.pipe(v.number(), v.minValue(0))
const text = v.pipe(v.string(), v.maxLength(500))

const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('waiting') }),
  v.object({ kind: v.literal('running') }),
  v.object({ kind: v.literal('ok'), found: text, ms }),
  v.object({ kind: v.literal('not-needed'), why: text }),
  v.object({ kind: v.literal('wrong'), problem: problemSchema, ms }),
  v.object({ kind: v.literal('not-tried') }),
])
export type StepOutcome = v.InferOutput<typeof outcomeSchema>

/** As far as it got. Sent again after every change, whole, so that no client has to put it together. */
export const connectionReportSchema = v.object({
  destination: v.object({ kind: v.picklist(['folder', 's3']), where: v.string() }),
  steps: v.pipe(
    v.array(v.object({ step: v.picklist(Object.keys(testSteps) as TestStep[]), outcome: outcomeSchema })),
    v.maxLength(20),
  ),
})
export type ConnectionReport = v.InferOutput<typeof connectionReportSchema>

/** The one thing to mend, if there is one. */
export function firstProblem({ steps }: ConnectionReport) {
  for (const { outcome } of steps) if (outcome.kind === 'wrong') return outcome.problem
  return undefined
}
