/** For how long one can pause. `until` gives the end in UTC, or null when it is open. */
export type PauseChoice = {
  id: '15m' | '1h' | 'tomorrow' | 'open'
  until(now: Temporal.ZonedDateTime): string | null
}

const afterMinutes = (minutes: number) => (now: Temporal.ZonedDateTime) =>
  now.add({ minutes }).toInstant().toString()

export const pauseChoices: PauseChoice[] = [
  { id: '15m', until: afterMinutes(15) },
  { id: '1h', until: afterMinutes(60) },
  {
    id: 'tomorrow',
    until: now => now.add({ days: 1 }).startOfDay().toInstant().toString(),
  },
  { id: 'open', until: () => null },
]
