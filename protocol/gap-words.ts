/** Why there may be no intervals of a span, in words that follow the span. */
export const gapCauses = {
  paused: 'paused',
  asleep: 'the computer slept',
  'consent-needed': 'nobody had agreed to the text',
  'low-battery': 'low battery',
  'outbox-full': 'as much waited for delivery as was allowed',
  'keys-unconfirmed': 'the keys that were found had to be confirmed first',
  'computer-off': 'the computer was off',
  'store-repaired': 'the tracker repaired its database',
  'agent-killed': 'the tracker was killed',
  'disk-full': 'nothing could be stored',
  'not-running': 'the tracker was not running',
  'input-lost': 'input could not be seen',
  locked: 'the screen was locked',
  starting: 'the tracker was starting',
  'clock-changed': 'no time passed: the clock was set forward',
  unexplained: 'UNEXPLAINED',
}
export type GapCauseName = keyof typeof gapCauses
export const gapCauseNames = Object.keys(gapCauses) as GapCauseName[]

/** What is behind a cause, in words that follow it. */
const reasons: Record<string, string> = {
  asked: 'it was asked to end',
  signal: 'the system ended it',
  'session-changed': 'it went over to another session of the desktop',
  'last-browser-left': 'the last browser was closed',
}

export function describeGap({ cause, detail }: { cause: GapCauseName; detail?: string | undefined }): string {
  if (detail === undefined) return gapCauses[cause]
  return cause === 'paused' ? `paused by ${detail}` : `${gapCauses[cause]} (${reasons[detail] ?? detail})`
}
