import type { Presentation, StateName, Tone } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'

/**
 * The toolbar button: a sign, a colour, the drawing itself (filled while tracking, hollow otherwise) and, for
 * screen readers and the mouse, the words. No state is shown by colour alone.
 */
export type Badge = {
  icon: 'tracking' | 'resting'
  text: string
  colour: string
  title: string
}

/** At most two characters, all in the browsers' own fonts. */
const signs: Record<StateName, string> = {
  tracking: 'on',
  waiting: '↑',
  starting: '…',
  paused: 'II',
  suspended: 'Zz',
  'consent-needed': '?',
  blocked: '!',
  'host-missing': '×',
  disconnected: '×',
}

/** White text on each has a contrast over 4.5 to 1. */
const colours: Record<Tone, string> = { good: '#0a6a50', calm: '#3a5786', warn: '#7e4c00', stop: '#a1253a' }

/** For some seconds after a screenshot, in every state. */
export const screenshotBadge: Partial<Badge> = {
  text: '◉',
  colour: colours.calm,
  title: text.state.screenshotTaken,
}

export function badgeOf(shown: Presentation): Badge {
  return {
    icon: shown.state === 'tracking' || shown.state === 'waiting' ? 'tracking' : 'resting',
    text: signs[shown.state],
    colour: colours[shown.tone],
    title: text.state.badge(shown.title),
  }
}
