/**
 * What can be known of a person at a computer, and from whom. None of it says whether a person works:
 * reading, thinking and talking look like an absence.
 *
 * - `active`: input within `idle_after`, or a call or a video while `count_media` lets that count.
 * - `idle`: none for longer than that. `away`: none for longer than `away_after`.
 * - `locked`: the screen is locked or its saver is shown. `asleep`: the computer sleeps, or did.
 * - `unknown`: nothing here tells, which is not the same as absence.
 */
export const presenceKinds = ['active', 'idle', 'away', 'locked', 'asleep', 'unknown'] as const
export type PresenceKind = (typeof presenceKinds)[number]

/** Who said so, in words that follow "by". */
export const presenceSources = {
  input: 'your input',
  x: 'the X server',
  wayland: 'the Wayland compositor',
  mutter: 'GNOME',
  logind: 'the system (logind)',
  screensaver: 'the screen saver',
  clock: 'the clocks, which differ by the time asleep',
  media: 'a call or a video that keeps the screen on',
  nobody: 'no source',
} as const
export type PresenceSource = keyof typeof presenceSources
export const presenceSourceNames = Object.keys(presenceSources) as PresenceSource[]

/** What to tell the person, and why it is so. `since` as a clock of theirs shows it. */
export function describePresence(kind: PresenceKind, source: PresenceSource, since: string): string {
  switch (kind) {
    case 'active':
      return `Active since ${since}${source === 'media' ? ': a call or a video keeps the screen on' : ''}`
    case 'idle':
      return `Idle since ${since}: no input`
    case 'away':
      return `Away since ${since}: no input, so no screenshots`
    case 'locked':
      return `Locked since ${since}: no screenshots`
    case 'asleep':
      return `Asleep since ${since}`
    case 'unknown':
      return 'Unknown'
    default:
      throw kind satisfies never
  }
}
