/** On a field of 24 by 24. */
const paths = {
  before: 'M14 6l-6 6 6 6',
  after: 'M10 6l6 6-6 6',
  download: 'M12 4v11M7 10l5 5 5-5M5 20h14',
  print: 'M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z',
  close: 'M6 6l12 12M18 6L6 18',
  began: 'M3 12h4l3-7 4 14 3-7h4',
  ended: 'M12 4v8l5 3M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z',
  gap: 'M3 12h5M16 12h5M8 8v8M16 8v8',
  paused: 'M9 6v12M15 6v12',
  away: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  flag: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  zone: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  shot: 'M4 6h16v11H4zM9 20h6',
} as const
export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
