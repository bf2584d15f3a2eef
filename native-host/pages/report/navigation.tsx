import { zonesLine } from '../../../extension/text/lane-words.ts'
import { words } from '../../../extension/text/local-words.ts'
import { zoneName } from '../../../extension/text/zone-words.ts'
import type { Report, ReportDevice } from '../../../protocol/report.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { daysIn } from './model/figures.ts'
import { addDays, periodOf, views } from './model/period.ts'
import { hashOf, type Route } from './model/route.ts'
import { text } from './text.ts'

type Props = { report: Report; route: Route; title: string; device: ReportDevice | undefined }

/** The title of what is shown, and the way to what is not. */
export function Navigation({ report, route, title, device }: Props) {
  const { view, from, to } = route
  const days = device ? daysIn(device.days, route) : []
  const zones = [...new Set(days.flatMap(day => day.zones.map(({ zone }) => zoneName(zone))))]
  const [only] = days
  return (
    <nav class="period" aria-label={text.nav.label}>
      <div>
        <h1 data-testid="period" aria-live="polite">
          {title}
        </h1>
        <p class="soft">{view === 'day' && only ? zonesLine(only, words) : zones.join(', ')}</p>
      </div>
      <div class="ways">
        <div class="segments">
          {views.map(other => (
            <a
              key={other}
              href={hashOf({ ...route, ...periodOf(other, dateFor(route, report, days)) })}
              aria-current={other === view ? 'page' : undefined}
              data-testid={`view-${other}`}
            >
              {text.nav.views[other]}
            </a>
          ))}
        </div>
        <Step
          icon="before"
          label={text.nav.before[view]}
          to={from > report.from ? { ...route, ...periodOf(view, addDays(from, -1)) } : undefined}
        />
        <Step
          icon="after"
          label={text.nav.after[view]}
          to={to < report.to ? { ...route, ...periodOf(view, addDays(to, 1)) } : undefined}
        />
        <button type="button" class="print" onClick={() => print()}>
          <Icon name="print" />
          {text.nav.print}
        </button>
      </div>
    </nav>
  )
}

/** From a month to a week or a day: one that has something in it. */
function dateFor({ from }: Route, report: Report, days: readonly { date: string }[]): string {
  return days[0]?.date ?? (from < report.from ? report.from : from)
}

function Step({ icon, label, to }: { icon: IconName; label: string; to: Route | undefined }) {
  return to === undefined ? (
    <span class="button step">
      <Icon name={icon} />
    </span>
  ) : (
    <a class="button step" aria-label={label} title={label} data-testid={`go-${icon}`} href={hashOf(to)}>
      <Icon name={icon} />
    </a>
  )
}
