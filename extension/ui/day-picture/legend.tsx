import { dayPicture, type PictureDay } from '../../model/day-picture.ts'
import { text } from '../../text/catalogue.ts'
import { kindOf } from './parts.tsx'

const always = ['active', 'idle'] as const
type Kind = keyof typeof text.picture.legend
const order = Object.keys(text.picture.legend) as Kind[]

/** Names what this day shows, and nothing else. */
export function Legend({ day }: { day: PictureDay }) {
  const shown = new Set<Kind>(always)
  for (const part of dayPicture(day)?.parts ?? [])
    if (part.row === 'presence') shown.add(kindOf(part))
    else if (part.row === 'shots') shown.add('shot')
    else if (part.flagged > 0) shown.add('flagged')
  return (
    <ul class="legend small" aria-hidden="true">
      {order
        .filter(kind => shown.has(kind))
        .map(kind => (
          <li key={kind}>
            <i data-kind={kind} />
            {text.picture.legend[kind]}
          </li>
        ))}
    </ul>
  )
}
