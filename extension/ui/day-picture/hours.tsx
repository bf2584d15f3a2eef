import type { Axis } from '../../model/lane-layout.ts'
import { text } from '../../text/catalogue.ts'
import { words } from '../../text/local-words.ts'
import { zoneName } from '../../text/zone-words.ts'
import { percent } from './parts.tsx'

/** The hours below the picture, in the zone in which they were spent. */
export function Hours({ axis }: { axis: Axis }) {
  return (
    <div class="hours" aria-hidden="true">
      {axis.ticks.map(({ at, hour }, index) => (
        <span
          key={at}
          data-sparse={index % 3 === 0 ? 'third' : index % 2 === 0 ? 'second' : undefined}
          data-end={at < 0.001 ? 'first' : at > 0.999 ? 'last' : undefined}
          style={{ left: percent(at) }}
        >
          {words.hour(hour)}
        </span>
      ))}
      {axis.changes.map(({ at, zone }) => (
        <span
          key={`zone ${at}`}
          class="zone"
          data-end={at < 0.2 ? 'first' : at > 0.8 ? 'last' : undefined}
          style={{ left: percent(at) }}
        >
          {text.lanes.zoneFromHere(zoneName(zone))}
        </span>
      ))}
    </div>
  )
}
