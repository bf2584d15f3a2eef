import type { JSX } from 'preact'
import type { StateName, Tone } from '../model/presentation.ts'

/** The state as a shape and a sign, so that it is clear without colour too. Words stand beside it. */
export function StateMark({ state, tone }: { state: StateName; tone: Tone }) {
  return (
    <svg class="state-mark" viewBox="0 0 44 44" width="42" height="42" aria-hidden="true" focusable="false">
      <path d={grounds[tone]} fill="var(--tone)" />
      <g
        transform="translate(10 10)"
        fill="none"
        stroke="var(--on-tone)"
        stroke-width="2.2"
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        {signs[state]}
      </g>
    </svg>
  )
}

/** Circle, square, diamond, octagon: round is well, the more corners that point at you the less it is. */
const grounds: Record<Tone, string> = {
  good: 'M22 1a21 21 0 1 1 0 42a21 21 0 1 1 0-42z',
  calm: 'M13 3h18a10 10 0 0 1 10 10v18a10 10 0 0 1-10 10h-18a10 10 0 0 1-10-10v-18a10 10 0 0 1 10-10z',
  warn: 'M25.5 2.5l16 16a5 5 0 0 1 0 7l-16 16a5 5 0 0 1-7 0l-16-16a5 5 0 0 1 0-7l16-16a5 5 0 0 1 7 0z',
  stop: 'M15.4 2h13.2a3 3 0 0 1 2.1.9l10.4 10.4a3 3 0 0 1 .9 2.1v13.2a3 3 0 0 1-.9 2.1l-10.4 10.4a3 3 0 0 1-2.1.9h-13.2a3 3 0 0 1-2.1-.9l-10.4-10.4a3 3 0 0 1-.9-2.1v-13.2a3 3 0 0 1 .9-2.1l10.4-10.4a3 3 0 0 1 2.1-.9z',
}

/** On a field of 24 by 24. */
const signs: Record<StateName, JSX.Element> = {
  tracking: (
    <>
      <circle class="pulse" cx="12" cy="12" r="10" />
      <circle cx="12" cy="12" r="5" fill="var(--on-tone)" stroke="none" />
    </>
  ),
  waiting: <path d="M12 16V5.5M7.5 10 12 5.5l4.5 4.5M6.5 19.5h11" />,
  starting: (
    <g fill="var(--on-tone)" stroke="none">
      <circle cx="5" cy="12" r="2.2" />
      <circle cx="12" cy="12" r="2.2" />
      <circle cx="19" cy="12" r="2.2" />
    </g>
  ),
  paused: <path d="M8.5 6v12M15.5 6v12" stroke-width="3.6" />,
  suspended: <path d="M3.5 8h14.5v8h-14.5zM21 10.8v2.4M7 11v2" />,
  'consent-needed': <path d="M6 3.5h8.5l4 4v13h-12.5zM9.5 13.5l2 2 3.5-4" />,
  blocked: <path d="M12 5v8.5M12 18.4v.1" stroke-width="3" />,
  'host-missing': <path d="M6.5 6.5l11 11M17.5 6.5l-11 11" stroke-width="2.8" />,
  disconnected: <path d="M2.5 12h5M7.5 7.5v9M16.5 12h5M16.5 7.5v9M11 12h.1M13.4 12h.1" />,
}
