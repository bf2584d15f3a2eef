/** Why there may be no intervals of a span, in words that follow the span. */
export const gapCauses = {
  paused: 'paused',
  asleep: 'the computer was asleep',
  'consent-needed': 'waiting for your agreement',
  'low-battery': 'low battery',
  'outbox-full': 'the upload queue was full',
  'keys-unconfirmed': 'waiting for you to confirm the keys',
  'computer-off': 'the computer was off',
  'store-repaired': 'the tracker repaired its database',
  'agent-killed': 'the tracker was forced to stop',
  'disk-full': 'nothing could be saved',
  'not-running': 'the tracker was not running',
  'input-lost': 'input could not be counted',
  locked: 'the screen was locked',
  starting: 'the tracker was starting',
  'clock-changed': 'no time passed: the clock was set forward',
  unexplained: 'reason unknown',
}
export type GapCauseName = keyof typeof gapCauses
export const gapCauseNames = Object.keys(gapCauses) as GapCauseName[]

/** What is behind a cause, in words that follow it. */
const reasons: Record<string, string> = {
  asked: 'it was asked to stop',
  signal: 'the system stopped it',
  'session-changed': 'it moved to another desktop session',
  'last-browser-left': 'the last browser was closed',
}

export function describeGap({ cause, detail }: { cause: GapCauseName; detail?: string | undefined }): string {
  if (detail === undefined) return gapCauses[cause]
  return cause === 'paused' ? `paused by ${detail}` : `${gapCauses[cause]} (${reasons[detail] ?? detail})`
}
