import { createTimeWords, timeStyleOf } from './instants.ts'

/** The one place that asks the browser for its language and zone. */
export const words = createTimeWords(
  timeStyleOf(navigator.language, new Intl.DateTimeFormat().resolvedOptions().timeZone),
)
