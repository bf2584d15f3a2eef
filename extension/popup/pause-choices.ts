/** For how long one can pause. `until` gives the end in UTC, or null when it is open. */
export type PauseChoice = {
  id: '15m' | '1h' | 'tomorrow' | 'open'
  label: string
  until(now: Temporal.ZonedDateTime): string | null
}

const afterMinutes = (minutes: number) => (now: Temporal.ZonedDateTime) =>
  now.add({ minutes }).toInstant().toString()

export const pauseChoices: PauseChoice[] = [
  { id: '15m', label: '15 minutes', until: afterMinutes(15) },
  { id: '1h', label: '1 hour', until: afterMinutes(60) },
  {
    id: 'tomorrow',
    label: 'Until tomorrow',
    until: now => now.add({ days: 1 }).startOfDay().toInstant().toString(),
  },
  { id: 'open', label: 'Until I resume', until: () => null },
]
