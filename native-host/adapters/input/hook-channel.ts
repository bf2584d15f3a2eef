import type { ErrorCode } from '../../../protocol/errors.ts'
import type { InputSources } from '../../input/input-sources.ts'

/** What the hook process says to the agent. `records` are described in event-records.ts. */
export type HookMessage =
  | { kind: 'ready' }
  | { kind: 'events'; records: Float64Array }
  | ({ kind: 'sources' } & InputSources)
  | { kind: 'pointer-keys'; on: boolean }
  | { kind: 'failed'; code: HookFailure; detail: string }

export const hookFailures = [
  'INPUT_HOOK_FAILED',
  'INPUT_NOT_PERMITTED',
  'INPUT_NO_DISPLAY',
] as const satisfies ErrorCode[]
export type HookFailure = (typeof hookFailures)[number]

export function isHookFailure(code: ErrorCode): code is HookFailure {
  return (hookFailures as readonly ErrorCode[]).includes(code)
}

/** What the agent says to the hook process: hand over what you have, then end. */
export const stopRequest = 'stop'
/** Say more often where input comes from, or as often as usual. */
export const closeLookRequests = { on: 'look closely', off: 'look as usual' } as const
